/** Amounts, dates, durations and lists as a customer reads them, in the domain's currency, time zone and language. */
import type { ClaimValue, Money } from '@concord/contracts'
import { isDayOnly } from './dates.ts'

export interface Formats {
  money(amount: Money): string
  /** An ISO 8601 date or moment; a day without a time is that day everywhere. */
  date(iso: string): string
  number(value: number): string
  list(items: readonly string[]): string
  value(value: ClaimValue): string
}

export function createFormats({ locale, timezone }: { locale: string; timezone: string }): Formats {
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: timezone })
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  const number = (value: number) => numbers.format(value)

  const formats: Formats = {
    number,
    money: ({ minor, currency }) => formatMoney(locale, minor, currency),
    date: (iso) => (isDayOnly(iso) ? days : moments).format(Date.parse(iso)),
    list: (items) => lists.format(items),
    value: (value) => formatValue(value, formats),
  }
  return formats
}

/** Whole amounts without decimals, as people write them: €60, but €60.50. */
function formatMoney(locale: string, minor: number, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

function formatValue(value: ClaimValue, formats: Formats): string {
  switch (value.kind) {
    case 'boolean':
      return value.boolean === true ? 'yes' : 'no'
    case 'quantity':
    case 'duration':
      return withUnit(formats.number(value.number ?? 0), value.unit ?? '', value.number === 1)
    case 'money':
      return formats.money({ minor: value.minor ?? 0, currency: value.currency ?? 'XXX' })
    case 'date':
      return formats.date(value.date ?? '')
    case 'range':
      return formatRange(value, formats)
    case 'set':
      return formats.list(value.items ?? [])
    default:
      return value.text ?? ''
  }
}

function formatRange({ min, max, unit }: ClaimValue, { number }: Formats): string {
  const one = (min ?? max) === 1 && (max ?? min) === 1
  if (min !== null && max !== null)
    return withUnit(min === max ? number(min) : `${number(min)} to ${number(max)}`, unit ?? '', one)
  return min !== null
    ? `at least ${withUnit(number(min), unit ?? '', one)}`
    : `at most ${withUnit(number(max ?? 0), unit ?? '', one)}`
}

/** `14 days`, `1 business day`, `10%`: units of the contracts are in the singular. */
function withUnit(amount: string, unit: string, one: boolean): string {
  if (unit === '' || unit === '%' || unit === 'percent') return unit === '' ? amount : `${amount}%`
  const words = unit.replaceAll('_', ' ')
  return `${amount} ${one || words.endsWith('s') ? words : `${words}s`}`
}
