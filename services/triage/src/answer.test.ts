import { anEnvelope } from '@concord/contracts/testing'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { triageAnswer, triageInput } from './answer.ts'

const library = await loadDomain(libraryFolder)
const fits = (change: object) =>
  triageAnswer(library).safeParse({ intent: 'renew_loan', language: 'en', urgency: 'low', flags: [], confidence: 1, ...change })
    .success

test('an answer names intents and flags of the domain only', () => {
  expect(fits({})).toBe(true)
  expect(fits({ intent: 'none', flags: ['rude'] })).toBe(true)
  expect(fits({ intent: 'give_refund' })).toBe(false)
  expect(fits({ flags: ['calm'] })).toBe(false)
})

test.each([{ language: 'English' }, { language: 'en-GB' }, { urgency: 'now' }, { confidence: 1.1 }])(
  '%j is no answer',
  (change) => {
    expect(fits(change)).toBe(false)
  },
)

test('the schema can be sent as JSON schema, also for a domain without flags', () => {
  const flags = { ...library.flags, all: [] }
  expect(JSON.stringify(z.toJSONSchema(triageAnswer({ ...library, flags })))).not.toContain('"enum":[]')
})

test('the model is shown every intent and flag with its examples, and the customer’s words as data', () => {
  const { request } = anEnvelope()
  const input = triageInput(library, { ...request, text: 'Hello', history: [{ role: 'agent', text: 'Hi', at: 1 }] })
  expect(input).toMatchObject({ message: 'Hello', history: [{ role: 'agent', text: 'Hi' }] })
  expect(input['labels']).toHaveLength(library.intents.size)
  expect(input['flags']).toContainEqual({ id: 'rude', description: 'Insults the staff', examples: ['you fools'] })
})
