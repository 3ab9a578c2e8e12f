/** Reads amounts, percentages, dates and durations out of prose. English number words and month names; symbols and ISO codes for money. */
import { durationInDays } from './values.ts'

export interface TextValue {
  kind: 'amount' | 'percentage' | 'date' | 'duration'
  /** As it stands in the text. */
  text: string
  start: number
  /** Equal for two spellings of one value: `EUR 1250`, `2026-03-12`, `14 day`. */
  key: string
}

const symbols: Record<string, string> = { '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'JPY' }
const numberWords = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen'.split(' ')
const tens: Record<string, number> = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 }
const months = 'january february march april may june july august september october november december'.split(' ')

const money = String.raw`\d{1,3}(?:[,.]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?`
const code = 'EUR|USD|GBP|CHF|JPY|euros?|dollars?|pounds?'
const word = [...numberWords, ...Object.keys(tens)].join('|')
const month = months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')

const patterns: { kind: TextValue['kind']; pattern: RegExp; key(match: RegExpMatchArray): string | null }[] = [
  {
    kind: 'amount',
    pattern: new RegExp(
      String.raw`(?:([€$£¥])\s?(${money}))|(?:\b(EUR|USD|GBP|CHF|JPY)\s?(${money}))|(?:(${money})\s?(?:([€$£¥])|(${code})\b))`,
      'giu',
    ),
    key: (match) => amountKey(match[2] ?? match[4] ?? match[5], match[1] ?? match[3] ?? match[6] ?? match[7]),
  },
  {
    kind: 'percentage',
    pattern: /(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent\b)/giu,
    key: (match) => `${Number(match[1]?.replace(',', '.'))} %`,
  },
  { kind: 'date', pattern: /\b(\d{4})-(\d{2})-(\d{2})\b/gu, key: (match) => `${match[1]}-${match[2]}-${match[3]}` },
  {
    kind: 'date',
    pattern: new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(${month})\b\.?,?(?:\s+(\d{4}))?`, 'giu'),
    key: (match) => dateKey(match[1], match[2], match[3]),
  },
  {
    kind: 'date',
    pattern: new RegExp(String.raw`\b(${month})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(\d{4}))?`, 'giu'),
    key: (match) => dateKey(match[2], match[1], match[3]),
  },
  {
    kind: 'duration',
    pattern: new RegExp(
      String.raw`\b(\d+(?:[.,]\d+)?|${word})(?:\s?(?:-|–|to|or)\s?(\d+|${word}))?[\s-]+(business|working)?[\s-]*(minute|hour|day|week|month|year)s?\b`,
      'giu',
    ),
    key: (match) => durationKey(match[1], match[2], match[3], match[4]),
  },
]

/** @returns the values in the order of their place. */
export function textValues(text: string): TextValue[] {
  const found = patterns.flatMap(({ kind, pattern, key }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const value = key(match)
      return value === null ? [] : [{ kind, text: match[0], start: match.index, key: value }]
    }),
  )
  return found.sort((a, b) => a.start - b.start)
}

function amountKey(number: string | undefined, currency: string | undefined): string | null {
  if (number === undefined || currency === undefined) return null
  const decimals = /[.,](\d{1,2})$/.exec(number)
  const whole = (decimals === null ? number : number.slice(0, decimals.index)).replaceAll(/[.,]/g, '')
  const minor = Number(whole) * 100 + Number((decimals?.[1] ?? '').padEnd(2, '0'))
  return `${currencyCode(currency)} ${minor}`
}

function currencyCode(text: string): string {
  const lower = text.toLowerCase()
  if (lower.startsWith('euro')) return 'EUR'
  if (lower.startsWith('dollar')) return 'USD'
  if (lower.startsWith('pound')) return 'GBP'
  return symbols[text] ?? text.toUpperCase()
}

function dateKey(day: string | undefined, name: string | undefined, year: string | undefined): string | null {
  const index = months.findIndex((full) => full.startsWith((name ?? '-').slice(0, 3).toLowerCase()))
  const number = Number(day)
  if (index === -1 || number < 1 || number > 31) return null
  const monthAndDay = `${String(index + 1).padStart(2, '0')}-${String(number).padStart(2, '0')}`
  return `${year ?? '????'}-${monthAndDay}`
}

function durationKey(from: string | undefined, to: string | undefined, business: string | undefined, unit = ''): string | null {
  const name = business === undefined ? unit.toLowerCase() : 'business_day'
  const numbers = [from, to].filter((part) => part !== undefined).map(toNumber)
  if (numbers.some((number) => number === null)) return null
  return numbers.map((number) => durationText(number ?? 0, name)).join(' to ')
}

/** Exact units fold into days, so that two weeks equal 14 days. */
function durationText(number: number, unit: string): string {
  const days = durationInDays(number, unit)
  return days !== null && days[0] === days[1] ? `${days[0]} day` : `${number} ${unit}`
}

function toNumber(text: string): number | null {
  const lower = text.toLowerCase()
  const index = numberWords.indexOf(lower)
  if (index !== -1) return index
  const number = tens[lower] ?? Number(lower.replace(',', '.'))
  return Number.isNaN(number) ? null : number
}

/** A date without a year matches the day in any year. */
export function sameTextValue(a: TextValue, b: TextValue): boolean {
  if (a.kind !== b.kind) return false
  if (a.key === b.key) return true
  const open = a.key.startsWith('????') || b.key.startsWith('????')
  return a.kind === 'date' && open && a.key.slice(4) === b.key.slice(4)
}
