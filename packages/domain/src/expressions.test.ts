import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createExpressions } from './expressions.ts'
import { createFormats } from './formats.ts'

const expressions = createExpressions({ currency: 'GBP', formats: createFormats({ locale: 'en', timezone: 'Europe/London' }) })
const now = Date.parse('2026-03-10T12:00:00Z')
const evaluate = (expression: string, facts: Record<string, unknown> = {}) =>
  expressions.evaluate(expression, { now, ...facts }, 'rule r')

test('numbers of a record compare and add up whether or not they are whole', () => {
  const loan = { fee: 5_000, weight: 1.5 }
  expect(evaluate('loan.fee > 4999 && loan.weight < 2', { loan })).toBe(true)
  expect(evaluate('loan.fee + 1', { loan })).toBe(5_001)
  expect(evaluate('loan.weight * 2 + loan.fee', { loan })).toBe(5_003)
})

test('time is the time of the evaluation, counted in whole days and hours', () => {
  expect(evaluate('daysSince("2026-03-08T13:00:00Z")')).toBe(1)
  expect(evaluate('hoursSince("2026-03-10T09:30:00Z")')).toBe(2)
  expect(evaluate('daysUntil("2026-03-12T12:00:00Z")')).toBe(2)
  expect(evaluate('hoursUntil("2026-03-10T11:00:00Z") < 0')).toBe(true)
  expect(evaluate('now > timestamp("2026-03-10T11:59:59Z")')).toBe(true)
  expect(expressions.evaluate('daysSince("2026-03-08T13:00:00Z")', { now: now + 86_400_000 }, 'rule r')).toBe(2)
})

test('words and amounts are written as the domain writes them', () => {
  expect(evaluate('lower("ABC")')).toBe('abc')
  expect(evaluate('money(123450)')).toBe('£1,234.50')
  expect(evaluate('date("2026-03-12")')).toBe('March 12, 2026')
  expect(evaluate('sum([1, 2, 3])')).toBe(6)
  expect(evaluate('min(2, 1.5)')).toBe(1.5)
  expect(evaluate('max(2, 7)')).toBe(7)
  expect(evaluate('round(2.5)')).toBe(3)
})

test('a template is filled from the same variables', () => {
  expect(expressions.fill('Renewed {{ loan.times }} times, {{money(50)}}.', { now, loan: { times: 2 } }, 'rule r')).toBe(
    'Renewed 2 times, £0.50.',
  )
})

test('what a record may lack can be asked for', () => {
  expect(evaluate('has(loan.note)', { loan: {} })).toBe(false)
  expect(evaluate('loan.?note.orValue("none")', { loan: {} })).toBe('none')
  expect(evaluate('mentioned.loan.size() > 1', { mentioned: { loan: ['L1', 'L2'] } })).toBe(true)
  expect([evaluate('7 / 2'), evaluate('7 / 2.0')]).toEqual([3, 3.5])
})

test('what is missing is a fault that names the rule and quotes no value', () => {
  expect(() => evaluate('loan.due == null', { loan: { name: 'Ada' } })).toThrow('rule r: `loan.due == null` cannot be evaluated')
  expect(() => evaluate('daysSince(loan.due)', { loan: { due: null } })).toThrow('invalid_domain: rule r')
  expect(() => evaluate('timestamp(loan.due)', { loan: { due: 'secret' } })).not.toThrow('secret')
  expect(() => expressions.holds('loan', { now, loan: 'yes' }, 'rule r')).toThrow('cannot be evaluated')
})

test('expressions cannot reach what JSON does not hold', () => {
  for (const expression of ['loan.constructor', 'loan.__proto__', 'loan.toString']) {
    expect(() => evaluate(expression, { loan: {} })).toThrow('cannot be evaluated')
  }
})

test('JSON comes back from an evaluation as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const safe = JSON.parse(JSON.stringify(value)) as unknown
      expect(evaluate('fact', { fact: safe })).toEqual(safe)
    }),
  )
})
