import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceOf, sameEntities } from './difference.ts'
import { senseOf } from './sense.ts'
import { anyText, processorMs } from './testing.ts'

const difference = (a: string, b: string) => differenceOf(senseOf(a), senseOf(b))

test.each([
  ['where is my order', 'Where is my purchase?'],
  ['I paid 1,200 EUR', 'paid €1200'],
  ['bill of Mr. Smith', 'invoice from mr smith please'],
  ['open a Gold account', 'how do I open a gold account'],
  ['I do not know how to pay', 'do not know how I pay'],
  ['CANCEL MY ORDER', 'please cancel my order'],
  ["Hello. I'm looking for my parcel", 'looking for a parcel'],
  ['under the door', 'der door'],
])('%j and %j differ in wording alone', (a, b) => {
  expect(difference(a, b)).toBeNull()
})

test.each([
  ['refund order 5510', 'refund order 5511', 'number'],
  ['refund order W2040117', 'refund order', 'number'],
  ['order GC-1111-2222', 'order GC-1111-2223', 'number'],
  ['I paid 20 EUR', 'I paid 20 USD', 'number'],
  ['two cakes', 'three cakes', 'number'],
  ['wait ٣ days', 'wait ٤ days', 'number'],
  ['write to a@example.org', 'write to b@example.org', 'entity'],
  ['bill of Mr. Smith', 'bill of Mr. Jones', 'entity'],
  ['the bill of Anna', 'the bill of Laura', 'entity'],
  ['do you ship to Austria', 'do you ship to Norway', 'entity'],
  ['open on Saturdays', 'open on sundays', 'entity'],
  ['deliver {{Person Name}}', 'deliver {{City}}', 'entity'],
  ['exchange it for size M', 'exchange it for size L', 'entity'],
  ['I want it', "I don't want it", 'negation'],
  ['I can pay', 'i cant pay', 'negation'],
  ['with a receipt', 'without a receipt', 'negation'],
  ['subscribe to the newsletter', 'unsubscribe from the newsletter', 'opposite'],
  ['add an article', 'remove an article', 'opposite'],
  ['before delivery', 'after delivery', 'opposite'],
  ['activate my account', 'deactivate my account', 'opposite'],
] as const)('%j and %j differ in a %s', (a, b, kind) => {
  expect(difference(a, b)).toBe(kind)
  expect(difference(b, a)).toBe(kind)
})

test('the domain’s own entities must be equal', () => {
  const find = (text: string) => (text.match(/standard|express/g) ?? []).map((value) => ({ kind: 'service', value }))
  expect(sameEntities('price of standard delivery', 'price of express delivery', find)).toBe(false)
  expect(sameEntities('price of standard delivery', 'cost of standard delivery', find)).toBe(true)
})

test('texts too long to compare serve only their like', () => {
  const long = `cancel ${'please '.repeat(2_000)}`
  expect(difference(long, long)).toBeNull()
  expect(difference(`${long} 1`, `${long} 2`)).toBe('entity')
})

test('no text differs from itself, and a difference is mutual', () => {
  const text = fc.oneof(anyText, fc.lorem(), fc.constantFrom('add 2 to order 5', 'unsubscribe me', 'no, not Anna'))
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(difference(a, a)).toBeNull()
      expect(difference(a, b) === null).toBe(difference(b, a) === null)
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['digits', '1.'.repeat(100_000)],
  ['letters', 'a'.repeat(200_000)],
  ['almost addresses', 'a@a.'.repeat(50_000)],
  ['capitals', 'A b '.repeat(50_000)],
  ['negations', "n't ".repeat(50_000)],
])('200 kB of %s are compared in bounded time', (_, text) => {
  expect(processorMs(() => difference(text, `${text}x`))).toBeLessThan(1_000)
})
