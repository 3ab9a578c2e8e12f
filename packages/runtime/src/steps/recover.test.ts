import { Fault } from '@concord/contracts'
import type { Settled } from '@concord/messaging'
import { expect, test } from 'vitest'
import { deadLetterTopic } from '../keys.ts'
import { aWork, outRecord, pieces, type Pieces } from '../testing/pieces.ts'
import type { Work } from '../work.ts'
import { recover } from './recover.ts'

async function recovered(fault: unknown, work: Work = aWork(), giveUp = async (): Promise<Settled> => ({ kind: 'done' })) {
  const made: Pieces = await pieces()
  const givenUp: Fault[] = []
  const options = {
    giveUp(_: Work, cause: Fault) {
      givenUp.push(cause)
      return giveUp()
    },
  }
  const settled = await recover(made.shell, options)(work, () => Promise.reject(fault))
  return { ...made, settled, givenUp }
}

const passing = new Fault('model_rate_limited', 'wait.', { retryable: true })

test('a retryable fault waits in place, up to twice as long each time, by chance', async () => {
  const waits = [1, 2, 3, 20].map(async (attempt) => (await recovered(passing, aWork({ attempt }))).settled)
  expect(await Promise.all(waits)).toEqual([100, 200, 400, 5_000].map((afterMs) => ({ kind: 'retry', afterMs })))
})

test('a retryable fault is given up when its wait would pass the deadline', async () => {
  const work = aWork()
  const { settled, givenUp } = await recovered(passing, { ...work, deadline: work.firstSeenAt + 50 })
  expect(settled).toEqual({ kind: 'done' })
  expect(givenUp).toEqual([passing])
})

test.each(['store_unavailable', 'broker_unavailable', 'registry_unavailable'] as const)(
  '%s waits beyond any deadline',
  async (code) => {
    const { settled, givenUp, reported } = await recovered(new Fault(code, 'away', { retryable: true }), aWork({ deadline: 0 }))
    expect(settled.kind).toBe('retry')
    expect(givenUp).toEqual([])
    expect(reported).toHaveLength(1)
  },
)

test('a fault that no time mends is given up at once', async () => {
  const { givenUp } = await recovered(new Fault('model_refused', 'no.'))
  expect(givenUp.map(({ code }) => code)).toEqual(['model_refused'])
})

test('after revocation nothing is given up: the record is another member’s', async () => {
  const { settled, givenUp } = await recovered(new Fault('model_refused', 'no.'), aWork({ signal: AbortSignal.abort() }))
  expect(settled).toEqual({ kind: 'retry', afterMs: 0 })
  expect(givenUp).toEqual([])
})

test('a record that is told to end because it holds up all others is given up as that', async () => {
  const told = new Fault('head_of_line', 'all behind it is done.')
  const { givenUp } = await recovered(told, aWork({ signal: AbortSignal.abort(told) }))
  expect(givenUp).toEqual([told])
})

test('a record that may be another member’s by now is put off, and nothing is said of it', async () => {
  const { settled, givenUp } = await recovered(new Fault('fenced', 'not ours.'), aWork({ deadline: 0 }))
  expect([settled.kind, givenUp]).toEqual(['retry', []])
})

test.each([
  ['a fault that may pass', passing],
  ['one that does not', new Fault('internal', 'odd.')],
])('what is remembered is tried again for ever after %s: it may be out already', async (_, fault) => {
  const { settled, givenUp } = await recovered(fault, aWork({ deadline: 0, remembered: true, outgoing: [outRecord()] }))
  expect([settled.kind, givenUp]).toEqual(['retry', []])
})

test('what is remembered and refused is given up, but a dead letter is the last word', async () => {
  const refused = new Fault('invalid_record', 'too large.')
  const answered = aWork({ remembered: true, outgoing: [outRecord()] })
  expect((await recovered(refused, answered)).givenUp).toEqual([refused])
  const letter = { ...outRecord(), topic: deadLetterTopic(answered.record.topic, 'agent') }
  const { settled, givenUp } = await recovered(refused, aWork({ remembered: true, outgoing: [letter] }))
  expect([settled.kind, givenUp]).toEqual(['retry', []])
})

test('when giving up fails too, nothing is done and it is tried again', async () => {
  const failing = () => Promise.reject(new Fault('broker_unavailable', 'away', { retryable: true }))
  const { settled, reported } = await recovered(new Fault('model_refused', 'no.'), aWork(), failing)
  expect(settled.kind).toBe('retry')
  expect(reported.map(({ code }) => code)).toContain('broker_unavailable')
})
