import { aBrief, aVerdict } from '@concord/contracts/testing'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { responseAnswer } from './answer.ts'
import { responseInput } from './prompt.ts'

const library = await loadDomain(libraryFolder)

function schemaFor(overrides: Parameters<typeof aBrief>[0]) {
  const brief = aBrief(overrides)
  return responseAnswer([...library.actions.keys()], brief, responseInput(library, brief))
}
const reply = { text: 'Hello.', citations: [], commitments: [], obligationsMet: [], confidence: 1 }
const promise = { action: 'renew', subject: 'loan:L123', amountMinor: null, currency: null, due: null }

test('citations name what was given', () => {
  const schema = schemaFor({})
  expect(schema.safeParse({ ...reply, citations: [{ claim: 'c-1', quote: 'Hello' }] }).success).toBe(true)
  expect(schema.safeParse({ ...reply, citations: [{ claim: 'c-9', quote: 'Hello' }] }).success).toBe(false)
})

test('a promise of what is forbidden can be written down, so that it can be caught', () => {
  const schema = schemaFor({ forbidden: [aVerdict({ action: 'renew', subject: 'loan:L123', effect: 'forbid' })] })
  expect(schema.safeParse({ ...reply, commitments: [promise] }).success).toBe(true)
})

test('a promise of an action that nobody ruled on can be written down too', () => {
  const schema = schemaFor({ claims: [] })
  expect(schema.safeParse({ ...reply, commitments: [promise] }).success).toBe(true)
})

test('an action that the domain does not have cannot be promised', () => {
  expect(schemaFor({}).safeParse({ ...reply, commitments: [{ ...promise, action: 'give_away' }] }).success).toBe(false)
})

test('the schema of an empty brief has no empty enum', () => {
  const schema = schemaFor({ claims: [], permitted: [], forbidden: [], obligations: [] })
  expect(JSON.stringify(z.toJSONSchema(schema))).not.toContain('"enum":[]')
})
