/** Reads amounts, percentages, dates and durations out of prose. English number words and month names; symbols and ISO codes for money. */
import { textDates } from './text-dates.ts'
import { textDurations } from './text-durations.ts'
import { digits, numberStart, toNumber } from './numbers.ts'

export interface TextValue {
  kind: 'amount' | 'percentage' | 'date' | 'duration'
  /** As it stands in the text. */
  text: string
  start: number
  /** Equal for two spellings of one value: `EUR 1250`, `2026-03-12`, `14 day`. What the text leaves open is `?`; ` or ` parts two readings. */
  key: string
}

/** What a pattern finds: where, and the values that it states there. */
export interface Found {
  text: string
  start: number
  keys: readonly string[]
}

const symbols: Record<string, string> = { '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'JPY', '₹': 'INR' }
const codes = 'EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|INR|CNY'
const names = 'euros?|dollars?|pounds?|cents?|pence'
const times: Record<string, number> = { k: 1_000, thousand: 1_000, million: 1_000_000 }

const number = String.raw`(${digits})(?:\s?(k|thousand|million)(?![\p{L}\d]))?`
/** `10–20`, or `10 to 20`: both ends are values. */
const upTo = String.raw`(?:(?:[-–—‑]|\sto\s)(${digits})(?!\s?(?:%|[\s-]?(?:minute|hour|day|week|month|year))))?`

const amounts = new RegExp(
  String.raw`(?:([€$£¥₹])|(?<![\p{L}])(${codes}))\s?${number}${upTo}|${numberStart}(?:(${digits})(?:\s?[-–—‑]\s?|\s(?:to|or)\s))?${number}\s?(?:([€$£¥₹])|(${codes}|${names})(?![\p{L}]))(?!\s?\d)`,
  'giu',
)
const percentages = new RegExp(
  String.raw`${numberStart}(?:(${digits})(?:\s?[-–—‑]\s?|\s(?:to|or)\s))?(${digits})\s?(?:%|per ?cent(?![\p{L}]))`,
  'giu',
)

/** @returns the values in the order of their place. */
export function textValues(text: string): TextValue[] {
  return [
    ...valuesOf('amount', textAmounts(text)),
    ...valuesOf('percentage', textPercentages(text)),
    ...valuesOf('date', textDates(text)),
    ...valuesOf('duration', textDurations(text)),
  ].sort((a, b) => a.start - b.start)
}

const valuesOf = (kind: TextValue['kind'], found: readonly Found[]): TextValue[] =>
  found.flatMap(({ keys, ...place }) => keys.map((key) => ({ kind, ...place, key })))

function textAmounts(text: string): Found[] {
  return [...text.matchAll(amounts)].map((match) => {
    const [, symbol, code, first, firstTimes, last, low, high, highTimes, symbolAfter, wordAfter] = match
    const currency = symbol ?? code ?? symbolAfter ?? wordAfter ?? ''
    const numbers = first === undefined ? [[low], [high, highTimes]] : [[first, firstTimes], [last]]
    const keys = numbers.flatMap(([part, factor]) => (part === undefined ? [] : amountKey(part, factor, currency)))
    return { text: match[0], start: match.index, keys }
  })
}

/** Minor units are hundredths for every currency: what matters is that one amount has one key. */
function amountKey(part: string, factor: string | undefined, currency: string): string {
  const minor = /^(?:cents?|pence)$/i.test(currency)
  const size = (toNumber(part) ?? 0) * (factor === undefined ? 1 : (times[factor.toLowerCase()] ?? 1))
  return minor ? `??? ${size}` : `${currencyCode(currency)} ${Math.round(size * 100)}`
}

function currencyCode(text: string): string {
  const lower = text.toLowerCase()
  if (lower.startsWith('euro')) return 'EUR'
  if (lower.startsWith('dollar')) return 'USD'
  if (lower.startsWith('pound')) return 'GBP'
  return symbols[text] ?? text.toUpperCase()
}

function textPercentages(text: string): Found[] {
  return [...text.matchAll(percentages)].map((match) => {
    const keys = [match[1], match[2]].flatMap((part) => (part === undefined ? [] : `${toNumber(part)} %`))
    return { text: match[0], start: match.index, keys }
  })
}

/** Whether both can mean one value: what one of them leaves open matches anything. */
export function sameTextValue(a: TextValue, b: TextValue): boolean {
  if (a.kind !== b.kind) return false
  if (a.key === b.key) return true
  if (a.kind !== 'date' && a.kind !== 'amount') return false
  return a.key.split(' or ').some((left) => b.key.split(' or ').some((right) => matches(left, right)))
}

function matches(a: string, b: string): boolean {
  return (
    a.length === b.length && Array.from(a).every((character, at) => character === '?' || b[at] === '?' || character === b[at])
  )
}
