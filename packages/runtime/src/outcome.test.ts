import { Fault, triaged } from '@concord/contracts'
import { aTriage } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { giveUp, publish, readOutcome, skip } from './outcome.ts'

const output = publish(triaged, aTriage())
const refused = new Fault('model_refused', 'no.')

test.each([
  ['one output', output, { kind: 'outputs', outputs: [{ topic: triaged, value: output.value }] }],
  ['a list', [output, output], { kind: 'outputs', outputs: [output, output].map(({ topic, value }) => ({ topic, value })) }],
  ['an empty list', [], { kind: 'outputs', outputs: [] }],
  ['a skip', skip('not_for_us'), skip('not_for_us')],
  ['giving up', giveUp(refused), giveUp(refused)],
])('%s is an outcome', (_, returned, outcome) => {
  expect(readOutcome(returned)).toEqual(outcome)
})

test('giving up with what is no fault is giving up with an unknown one', () => {
  expect(readOutcome({ kind: 'give-up', fault: 'so what' })).toMatchObject({ kind: 'give-up', fault: { code: 'internal' } })
})

const throwing = {
  get kind(): string {
    throw new TypeError('do not look')
  },
}

test.each([
  ['nothing', undefined],
  ['null', null],
  ['true', true],
  ['text', 'triaged'],
  ['a symbol', Symbol('s')],
  ['a value without an outcome around it', aTriage()],
  ['another kind', { kind: 'publish-later' }],
  ['an output without a topic', { kind: 'publish', value: {} }],
  ['an output with the name of a topic', { kind: 'publish', topic: 'concord.triage.v1', value: {} }],
  ['a list with nothing in it', [undefined]],
  ['a list with a skip in it', [skip('x')]],
  ['a list in a list', [[output]]],
  ['a skip with an object for its reason', { kind: 'skip', reason: {} }],
  ['a skip with a sentence of a customer', skip('where is my order, I have waited for three weeks?')],
  ['what throws when it is looked at', throwing],
  ['a list of what throws', [throwing]],
])('%s is no outcome', (_, returned) => {
  expect(() => readOutcome(returned)).toThrow(expect.objectContaining({ code: 'invalid_output', retryable: false }))
})
