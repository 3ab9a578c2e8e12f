/** A message as the words that decide what it is about: one spelling for case, numbers, addresses and slots. */

/** UTF-16 units of a message that are read; what a customer wants stands at the start, and time stays bounded. */
export const readUnits = 4_000

/** Stands for a run of one to four digits: an amount, a size, a date. */
export const SHORT_NUMBER = '#'
/** Stands for longer runs and for ids with letters before the digits: an order, an invoice. */
export const LONG_NUMBER = '##'
const MONEY = '$'
const ADDRESS = '@'
const LINK = '//'

const link = /\bhttps?:\/\/\S{1,200}/g
const email = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}/g
const slot = /\{\{\s{0,3}([^{}]{1,60})\}\}/g
const id = /\b[a-z]{1,4}-?\d{4,20}(?:-\d{1,12}){0,4}\b|\d(?:[\d-]{3,30})\d/g
const number = /\d{1,30}(?:[.,:/]\d{1,30}){0,4}/g
const money = /[€£$¥]|\b(?:eur|usd|gbp|euros?|dollars?|pounds?)\b/g
const token = /[\p{L}\p{M}]+|##?|[$@]|\/\//gu
const apostrophe = /['’‘`´]/g

/**
 * Words and placeholders of a text, in order. A template's slot reads like what stands in its place: `{{Order Number}}` like
 * an order number. Empty where the text holds no letter and no digit.
 */
export function normalForm(text: string): string[] {
  const read = text.slice(0, readUnits).normalize('NFKC').slice(0, readUnits).toLowerCase()
  const marked = read
    .replace(slot, (_, name: string) => ` ${placeholderOf(name)} `)
    .replace(link, ` ${LINK} `)
    .replace(email, ` ${ADDRESS} `)
    .replace(id, ` ${LONG_NUMBER} `)
    .replace(number, ` ${SHORT_NUMBER} `)
    .replace(money, ` ${MONEY} `)
    .replace(apostrophe, '')
  return marked.match(token) ?? []
}

function placeholderOf(slotName: string): string {
  if (/amount|price|sum|money/.test(slotName)) return `${SHORT_NUMBER} ${MONEY}`
  if (/number|code|\bid\b/.test(slotName)) return LONG_NUMBER
  if (/mail/.test(slotName)) return ADDRESS
  return slotName
}
