import { expect, test } from 'vitest'
import { ClaimValue } from './claims.ts'

test.each([
  [{ kind: 'boolean', boolean: false }],
  [{ kind: 'quantity', number: 0, unit: 'item' }],
  [{ kind: 'money', minor: 0, currency: 'EUR' }],
  [{ kind: 'date', date: '2026-05-12' }],
  [{ kind: 'duration', number: 30, unit: 'day' }],
  [{ kind: 'range', max: 3, unit: 'kg' }],
  [{ kind: 'text', text: '' }],
  [{ kind: 'set', items: [] }],
])('%o is a value', (value) => {
  expect(ClaimValue.parse(value)).toMatchObject(value)
})

test.each([
  [{ kind: 'boolean' }, 'a boolean value needs boolean'],
  [{ kind: 'quantity', number: 3 }, 'a quantity value needs number and unit'],
  [{ kind: 'money', minor: 3 }, 'a money value needs minor and currency'],
  [{ kind: 'date', date: 'tomorrow' }, 'a date value needs an ISO 8601 date'],
  [
    { kind: 'duration', number: 3, unit: 'moon' },
    'a duration value needs number and unit (minute, hour, day, business_day, week, month, year)',
  ],
  [{ kind: 'range', unit: 'kg' }, 'a range value needs unit and min or max'],
  [{ kind: 'text' }, 'a text value needs text'],
  [{ kind: 'set' }, 'a set value needs items'],
  [{ kind: 'mood', text: 'fine' }, 'kind must be one of boolean, quantity, money, date, duration, range, text, set'],
])('%o is refused by what its kind needs', (value, message) => {
  expect(ClaimValue.safeParse(value).error?.issues.map((issue) => issue.message)).toEqual([message])
})
