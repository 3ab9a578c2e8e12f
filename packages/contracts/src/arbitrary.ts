/** For property tests: any value that a contract's zod schema accepts. */
import * as fc from 'fast-check'
import type { z } from 'zod'
import { ClaimValue, durationUnits } from './claims.ts'
import { rulesOf, shapeOf, type ZodShape } from './zod-shape.ts'

export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const shape = shapeOf(schema)
  const values = shape.base === ClaimValue ? claimValues : bare(shape)
  return shape.nullable ? fc.option(values, { nil: null }) : values
}

function bare({ kind, base }: ZodShape): fc.Arbitrary<unknown> {
  const { least = -Infinity, most = Infinity } = rulesOf(base)
  switch (kind.is) {
    case 'object':
      return fc.record(Object.fromEntries([...kind.fields].map(([name, field]) => [name, arbitraryOf(field)])))
    case 'array':
      return fc.array(arbitraryOf(kind.items), { maxLength: 3 })
    case 'map':
      return fc.dictionary(arbitraryOf(kind.keys) as fc.Arbitrary<string>, arbitraryOf(kind.values), { maxKeys: 3 })
    case 'choice':
      return fc.constantFrom(...kind.options)
    case 'text':
      return texts(base)
    case 'boolean':
      return fc.boolean()
    case 'int':
      return fc.integer({ min: Math.max(least, -(2 ** 31)), max: Math.min(most, 2 ** 31 - 1) })
    case 'long':
      return fc.integer({ min: Math.max(least, Number.MIN_SAFE_INTEGER), max: Math.min(most, Number.MAX_SAFE_INTEGER) })
    case 'double':
      return fc.double({ noNaN: true, min: Math.max(least, -Number.MAX_VALUE), max: Math.min(most, Number.MAX_VALUE) })
  }
}

/** ASCII and all of Unicode, of a length that the schema takes, then only what it accepts. */
function texts(schema: z.ZodType): fc.Arbitrary<string> {
  const { least = 0, most = 40 } = rulesOf(schema)
  const length = { minLength: least, maxLength: Math.min(most, 40) }
  const any = fc.oneof(fc.string({ ...length, unit: 'grapheme-ascii' }), fc.string({ ...length, unit: 'binary' }))
  return any.filter((text) => schema.safeParse(text).success)
}

const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const unit = fc.string({ minLength: 1, maxLength: 8 })

const claimValues: fc.Arbitrary<ClaimValue> = fc
  .oneof(
    fc.record({ kind: fc.constant('boolean'), boolean: fc.boolean() }),
    fc.record({ kind: fc.constant('quantity'), number, unit }),
    fc.record({
      kind: fc.constant('money'),
      minor: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
      currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    }),
    fc.record({
      kind: fc.constant('date'),
      date: fc
        .date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') })
        .map((date) => date.toISOString()),
    }),
    fc.record({ kind: fc.constant('duration'), number, unit: fc.constantFrom(...durationUnits) }),
    fc.record({ kind: fc.constant('range'), min: number, max: fc.option(number, { nil: null }), unit }),
    fc.record({ kind: fc.constant('text'), text: fc.string({ unit: 'binary' }) }),
    fc.record({ kind: fc.constant('set'), items: fc.array(fc.string({ unit: 'binary' })) }),
  )
  .map((value) => ClaimValue.parse(value))
