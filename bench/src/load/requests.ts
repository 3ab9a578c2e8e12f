/** What the driver sends: the same number of requests in the form that each receiver understands. */
import { requestRecord } from '@concord/cli'
import { Fault, replies, type Codec } from '@concord/contracts'
import { requestOf } from '../workload.ts'
import type { Sent } from './driver.ts'

let runs = 0

/** For the bare chain: 800 bytes that say nothing. */
export function plainRequests(count: number, bytes: number): Sent[] {
  const run = `plain-${++runs}`
  const value = Buffer.alloc(bytes, 'x')
  return Array.from({ length: count }, (_, number) => {
    const key = `${run}-${number}`
    return { key, message: { key, value } }
  })
}

/** For the constellation, and for the relay that has its messages. */
export async function customerRequests(codec: Codec, count: number): Promise<Sent[]> {
  const run = `run-${++runs}`
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const { key, value, headers } = await requestRecord(codec, requestOf(run, number), Date.now())
      if (typeof key !== 'string') throw new Fault('internal', 'a request has no key.')
      return { key, message: { key, value, headers } }
    }),
  )
}

/** Throws unless each was answered: a figure of refusals would be none. */
export async function checkAnswered(codec: Codec, values: readonly (Buffer | null)[]): Promise<void> {
  const outcomes = await Promise.all(values.map(async (value) => (await codec.decode(replies, value)).outcome))
  const others = outcomes.filter((outcome) => outcome !== 'answered')
  if (others.length > 0)
    throw new Fault('internal', `${others.length} of ${outcomes.length} requests were not answered but ${others[0]}.`)
}
