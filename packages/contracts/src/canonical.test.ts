import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical.ts'

/** Keys that JavaScript orders or understands in its own way stand beside ordinary ones. */
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('10', '9', '09', '1e3', '-1', '__proto__', 'toJSON', 'constructor', 'a', 'B', 'é'),
)
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value')),
    fc.array(fc.tuple(key, tie('value'))).map((members) => Object.fromEntries(members)),
  ),
}))

test('members stand in the order of their keys as texts, whatever the keys are', () => {
  expect(canonicalJson({ 10: 1, 9: 2, a: { b: 1, B: 2, 1: 3 } })).toBe('{"10":1,"9":2,"a":{"1":3,"B":2,"b":1}}')
  expect(canonicalJson({ z: 1, ['__proto__']: { a: 1 } })).toBe('{"__proto__":{"a":1},"z":1}')
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(canonicalJson(value)).toBe(byHand(value))
    }),
  )
})

test('what JSON does not know is null in a list and left out of an object', () => {
  expect(canonicalJson([undefined, Number.NaN, -0])).toBe('[null,null,0]')
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
  expect(canonicalJson(undefined)).toBe('null')
})

/** The definition, written once more and without any short cut. */
function byHand(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(byHand).join()}]`
  const keys = Reflect.ownKeys(value).map(String).toSorted()
  return `{${keys.map((name) => `${JSON.stringify(name)}:${byHand(Reflect.get(value, name))}`).join()}}`
}
