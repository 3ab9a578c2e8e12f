import { ClaimValue, type Claim } from '@concord/contracts'
import { expect, test } from 'vitest'
import { bearsOn, valueOf } from './claims.ts'
import { createFormats } from './formats.ts'
import { loadDomain } from './load.ts'
import { libraryFolder } from './testing.ts'

const domain = await loadDomain(libraryFolder)
const claim = (predicate: string, value: Partial<ClaimValue> & { kind: string }, more: Partial<Claim> = {}): Claim => ({
  id: 'c',
  subject: 'library',
  predicate,
  value: ClaimValue.parse(value),
  polarity: 'affirmed',
  scope: {},
  validFrom: null,
  validUntil: null,
  source: { kind: 'rule', ref: 'r', version: null },
  confidence: 1,
  ...more,
})

test('a claim reads as its predicate says', () => {
  const period = claim('loan.period', { kind: 'duration', number: 21, unit: 'day' }, { scope: { item: 'audio_book' } })
  expect(domain.wording.describe(period)).toBe('A audio book may be kept for 21 days.')
  const owed = claim('fee.owed', { kind: 'money', minor: 250, currency: 'GBP' }, { subject: 'loan:L100' })
  expect(domain.wording.speak(owed)).toBe('You owe £2.50 on loan L100.')
})

test('without a scope the sentence closes up, and a subject at its start is capitalised', () => {
  expect(domain.wording.describe(claim('loan.period', { kind: 'duration', number: 1, unit: 'week' }))).toBe(
    'A may be kept for 1 week.',
  )
  const due = claim('loan.due', { kind: 'date', date: '2026-03-12' }, { subject: 'loan:L100' })
  expect(domain.wording.describe(due)).toBe('Loan L100 is due on March 12, 2026.')
})

test('a denied claim is spoken only where the vocabulary has words for it', () => {
  const due = claim('loan.due', { kind: 'date', date: '2026-03-12' }, { subject: 'loan:L1', polarity: 'denied' })
  expect(domain.wording.speak(due)).toBe('Loan L1 is not due on March 12, 2026.')
  const rate = claim('fee.rate', { kind: 'money', minor: 20, currency: 'GBP' }, { polarity: 'denied' })
  expect(domain.wording.speak(rate)).toBeNull()
  expect(domain.wording.describe(rate)).toBe('It is not so that: Each late day costs £0.20.')
})

test('a claim with a predicate that nobody knows still reads', () => {
  expect(domain.wording.describe(claim('some.thing', { kind: 'boolean', boolean: true }))).toBe(
    'The town library, some.thing: yes',
  )
  expect(domain.wording.speak(claim('some.thing', { kind: 'boolean', boolean: true }))).toBeNull()
})

test('a quote stays verbatim', () => {
  expect(domain.wording.speak(claim('says', { kind: 'text', text: 'a  b , {subject}' }))).toBe('a  b , {subject}')
})

test('an action reads one way to the customer and another to the reviewer', () => {
  const waive = { action: 'waive_fee', subject: 'loan:L100', amount: { minor: 300, currency: 'GBP' } }
  expect(domain.wording.promise(waive)).toBe('We have waived £3 on loan L100.')
  expect(domain.wording.consequence(waive)).toBe('£3 on loan L100 is waived.')
})

const values: [Parameters<typeof ClaimValue.parse>[0], string][] = [
  [{ kind: 'boolean', boolean: false }, 'no'],
  [{ kind: 'quantity', number: 3, unit: 'book' }, '3 books'],
  [{ kind: 'quantity', number: 12.5, unit: 'percent' }, '12.5%'],
  [{ kind: 'money', minor: 123456, currency: 'JPY' }, '¥123,456'],
  [{ kind: 'money', minor: 5000, currency: 'EUR' }, '€50'],
  [{ kind: 'date', date: '2026-07-01T22:30:00Z' }, 'July 1, 2026 at 11:30 PM'],
  [{ kind: 'duration', number: 1, unit: 'business_day' }, '1 business day'],
  [{ kind: 'duration', number: 5, unit: 'business_day' }, '5 business days'],
  [{ kind: 'range', min: 3, max: 5, unit: 'day' }, '3 to 5 days'],
  [{ kind: 'range', min: 2, unit: 'day' }, 'at least 2 days'],
  [{ kind: 'range', max: 1, unit: 'day' }, 'at most 1 day'],
  [{ kind: 'set', items: ['a', 'b', 'c'] }, 'a, b, and c'],
  [{ kind: 'text', text: 'as is' }, 'as is'],
]

test('every kind of value has its words', () => {
  const formats = createFormats({ locale: 'en', timezone: 'Europe/London' })
  for (const [value, words] of values) expect(formats.value(ClaimValue.parse(value))).toBe(words)
})

test('a value is made only from what fits its kind', () => {
  expect(valueOf('money', 250, null, 'GBP')).toMatchObject({ minor: 250, currency: 'GBP' })
  expect(valueOf('duration', 3, 'day', 'GBP')).toMatchObject({ number: 3, unit: 'day' })
  expect(() => valueOf('money', 'a lot', null, 'GBP')).toThrow()
  expect(() => valueOf('date', 'soon', null, 'GBP')).toThrow()
})

test('an intent names predicates by id or by prefix', () => {
  expect(bearsOn(['loan.'], 'loan.period')).toBe(true)
  expect(bearsOn(['loan'], 'loan.period')).toBe(false)
  expect(bearsOn(['fee.rate'], 'fee.rate')).toBe(true)
  expect(bearsOn([], 'anything')).toBe(true)
})
