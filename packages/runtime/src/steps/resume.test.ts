import type { Settled } from '@concord/messaging'
import type { ModelCallRecord } from '@concord/model'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { aRecord, aWork, outRecord } from '../testing/pieces.ts'
import { resume } from './resume.ts'

const call = { callId: 'a/m/1' } as ModelCallRecord
const retry = async (): Promise<Settled> => ({ kind: 'retry', afterMs: 1 })

test('the deadline runs from the first attempt, whenever the record was first seen', async () => {
  const clock = createVirtualClock()
  const step = resume(clock, 1_000)
  const record = aRecord()
  await clock.advance(5_000)
  const began = clock.now()
  for (const attempt of [1, 2, 3]) {
    const work = aWork({ record, attempt, firstSeenAt: 0 })
    await step(work, retry)
    expect(work.deadline).toBe(began + 1_000)
    await clock.advance(300)
  }
})

test('an attempt that an absent dependency has ended takes none of the time', async () => {
  const clock = createVirtualClock()
  const step = resume(clock, 1_000)
  const record = aRecord()
  const first = aWork({ record })
  await step(first, () => ((first.interrupted = true), retry()))
  await clock.advance(60_000)
  const second = aWork({ record })
  await step(second, retry)
  expect(second.deadline).toBe(clock.now() + 1_000)
})

test('a result that could not be stored, and calls that could not be recorded, are there for the next attempt', async () => {
  const step = resume(createVirtualClock(), 1_000)
  const record = aRecord()
  const [first, second] = [aWork({ record }), aWork({ record, attempt: 2 })]
  await step(first, () => {
    first.calls.push(call)
    first.outgoing = [outRecord()]
    return retry()
  })
  await step(second, retry)
  expect([second.calls, second.outgoing]).toEqual([[call], [outRecord()]])
})

test('another record knows nothing of that, not even the same one delivered again', async () => {
  const step = resume(createVirtualClock(), 1_000)
  const first = aWork({ record: aRecord(), outgoing: [outRecord()] })
  await step(first, retry)
  const again = aWork({ record: aRecord() })
  await step(again, retry)
  expect(again.outgoing).toBeNull()
})
