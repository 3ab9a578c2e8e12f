/** Durations in prose: `14 days`, `5–7 working days`, `half a year`, `24h`. */
import { numberStart, spoken, toNumber } from './numbers.ts'
import type { Found } from './text-values.ts'

/** Units that are always the same number of days. */
const days: Record<string, number> = {
  second: 1 / 86_400,
  minute: 1 / 1_440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  fortnight: 14,
}
const short: Record<string, string> = { h: 'hour', hr: 'hour', min: 'minute', sec: 'second', wk: 'week', yr: 'year' }

const kind = String.raw`(?:(?:calendar|consecutive|full|whole|clear|more|further|additional|extra)[\s-]+)?(?:(business|working|work|week)[\s-]*)?`
const unit = String.raw`(minute|min|hour|hr|h|day|week|wk|fortnight|month|year|yr|second|sec)s?(?![\p{L}])`

const counted = new RegExp(
  String.raw`${numberStart}(${spoken})(\s+and\s+a\s+half)?(?:(?:\s?[-–—‑]\s?|\s(?:to|or|and)\s)(${spoken}))?[\s‑-]*${kind}${unit}`,
  'giu',
)
/** `a year` alone is often a rate, so the word before must say that it is a time. */
const single = new RegExp(
  String.raw`\b(within|in|for|after|takes?|lasts?|than|least|most|about|another|half)\s+an?\s+${kind}(hour|day|week|fortnight|month|year)(?![\p{L}])`,
  'giu',
)

export function textDurations(text: string): Found[] {
  const many = [...text.matchAll(counted)].map((match) => {
    const [whole, from = '', half, to, business, name = ''] = match
    const numbers = [from, to].filter((part) => part !== undefined).map((part) => toNumber(part) ?? 0)
    const extra = half === undefined ? 0 : 0.5
    const key = numbers.map((number) => durationKey(number + extra, business, name)).join(' to ')
    return { text: whole, start: match.index, keys: [key] }
  })
  const one = [...text.matchAll(single)].map((match) => {
    const [whole, before = '', business, name = ''] = match
    const half = before.toLowerCase() === 'half'
    return {
      text: half ? whole : whole.slice(before.length).trimStart(),
      start: half ? match.index : match.index + whole.length - whole.slice(before.length).trimStart().length,
      keys: [durationKey(half ? 0.5 : 1, business, name)],
    }
  })
  return [...many, ...one]
}

/** Exact units fold into days and years into months, so that two weeks equal 14 days. */
function durationKey(number: number, business: string | undefined, name: string): string {
  const unit = short[name.toLowerCase()] ?? name.toLowerCase()
  if (business !== undefined && unit === 'day') return `${number} business_day`
  const exact = days[unit]
  if (exact !== undefined) return `${Number((number * exact).toFixed(6))} day`
  return unit === 'year' ? `${number * 12} month` : `${number} ${unit}`
}
