/** Dates in prose: ISO 8601, numbers with a year, and English month names. */
import type { Found } from './text-values.ts'

const months = 'january february march april may june july august september october november december'.split(' ')
const month = months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)}${name === 'september' ? '|t' : ''})?`).join('|')
const ordinal = '(?:st|nd|rd|th)?'

const patterns: { pattern: RegExp; key(match: RegExpMatchArray): string | null }[] = [
  { pattern: /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?!\d)/gu, key: (match) => `${match[1]}-${match[2]}-${match[3]}` },
  {
    pattern: /(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)/gu,
    key: (match) => numericKey(Number(match[1]), Number(match[3]), match[4] ?? '', match[2] === '/'),
  },
  {
    pattern: new RegExp(String.raw`\b(\d{1,2})${ordinal}\s+(?:of\s+)?(${month})\b\.?,?(?:\s+(\d{4})\b)?`, 'giu'),
    key: (match) => namedKey(match[1], match[2], match[3]),
  },
  {
    pattern: new RegExp(String.raw`\b(${month})\.?\s+(\d{1,2})${ordinal}\b(?!:)(?:,?\s+(\d{4})\b)?`, 'giu'),
    key: (match) => namedKey(match[2], match[1], match[3]),
  },
  {
    pattern: new RegExp(String.raw`(?<!\d\s|\d(?:st|nd|rd|th)\s|of\s)\b(${month})\.?,?\s+(\d{4})\b`, 'giu'),
    key: (match) => `${match[2]}-${monthOf(match[1])}-??`,
  },
]

export function textDates(text: string): Found[] {
  return patterns.flatMap(({ pattern, key }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const found = key(match)
      return found === null ? [] : [{ text: match[0], start: match.index, keys: [found] }]
    }),
  )
}

const two = (number: number): string => String(number).padStart(2, '0')

const monthOf = (name = '-'): string => two(months.findIndex((full) => full.startsWith(name.slice(0, 3).toLowerCase())) + 1)

function namedKey(day: string | undefined, name: string | undefined, year: string | undefined): string | null {
  const number = Number(day)
  return number < 1 || number > 31 ? null : `${year ?? '????'}-${monthOf(name)}-${two(number)}`
}

/** The day comes first, but where slashes part them it may be the month. */
function numericKey(first: number, second: number, year: string, either: boolean): string | null {
  const isDate = (day: number, month: number) => day >= 1 && day <= 31 && month >= 1 && month <= 12
  const readings = [
    ...(isDate(first, second) ? [`${year}-${two(second)}-${two(first)}`] : []),
    ...(either && isDate(second, first) ? [`${year}-${two(first)}-${two(second)}`] : []),
  ]
  return readings.length === 0 ? null : [...new Set(readings)].join(' or ')
}
