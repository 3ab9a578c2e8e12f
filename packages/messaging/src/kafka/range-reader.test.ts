import { Fault, systemClock } from '@concord/contracts'
import { expect, test } from 'vitest'
import type { InRecord } from '../broker.ts'
import type { FetchSource } from './fetch-source.ts'
import { readRange } from './range-reader.ts'

const at = { topic: 'topic', partition: 0 }
const record = (offset: number): InRecord => ({ ...at, offset, key: null, value: null, headers: {}, timestamp: 0 })
const everything = { from: 0, to: Infinity }

type Answer = { offsets: number[]; next?: number; readable?: number } | Error

/** A partition from 0 to `high` that answers as the script says, then with nothing. */
function source(high: number, answers: Answer[], bounds = { low: 0, high }) {
  const fetches: { position: number; maxBytes: number }[] = []
  const fetched: FetchSource = {
    bounds: async () => bounds,
    async fetch(_, position, maxBytes) {
      fetches.push({ position, maxBytes })
      const answer = answers.shift() ?? { offsets: [] }
      if (answer instanceof Error) throw answer
      const { offsets, next = (offsets.at(-1) ?? position - 1) + 1, readable = high } = answer
      return { records: offsets.map(record), next, readable }
    },
    async close() {},
  }
  return { fetched, fetches }
}

const depsOf = (source: FetchSource) => ({ source, clock: { ...systemClock, sleep: async () => {} } })

async function offsetsOf(fetched: FetchSource, range = everything, signal?: AbortSignal): Promise<number[]> {
  const found: number[] = []
  for await (const list of readRange(depsOf(fetched), at, range, signal)) found.push(...list.map(({ offset }) => offset))
  return found
}

test('offsets that are missing between records and at the end of the range do not hang a read', async () => {
  const { fetched } = source(100, [{ offsets: [0, 1, 40] }, { offsets: [70], next: 99 }, { offsets: [], next: 100 }])
  expect(await offsetsOf(fetched)).toEqual([0, 1, 40, 70])
})

test('records behind the range are left out, and end it', async () => {
  const { fetched, fetches } = source(100, [{ offsets: [3, 8, 12, 20] }])
  expect(await offsetsOf(fetched, { from: 3, to: 10 })).toEqual([3, 8])
  expect(fetches).toHaveLength(1)
})

test('batches that compaction has emptied are passed by asking for more, up to the end', async () => {
  const { fetched, fetches } = source(100, [{ offsets: [0] }, { offsets: [] }, { offsets: [60] }])
  expect(await offsetsOf(fetched)).toEqual([0, 60])
  expect(fetches[2]?.maxBytes).toBe(2 * (fetches[1]?.maxBytes ?? 0))
  expect(fetches.at(-1)?.position).toBe(61)
})

test('a leader that may not be read so far yet is asked again', async () => {
  const { fetched } = source(2, [{ offsets: [0] }, { offsets: [], readable: 1 }, { offsets: [1] }])
  expect(await offsetsOf(fetched)).toEqual([0, 1])
})

test('what the client throws is tried again, and a leader that never answers is a retryable fault', async () => {
  const gone = Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError' })
  const { fetched } = source(2, [gone, { offsets: [0, 1] }])
  expect(await offsetsOf(fetched)).toEqual([0, 1])
  const dead = source(
    2,
    Array.from({ length: 20 }, () => gone),
  )
  await expect(offsetsOf(dead.fetched)).rejects.toMatchObject({ code: 'broker_unavailable', retryable: true })
})

test('records that retention has removed while reading are passed', async () => {
  const outOfRange = Object.assign(new Error('out of range'), { type: 'OFFSET_OUT_OF_RANGE' })
  const bounds = { low: 0, high: 50 }
  const { fetched } = source(50, [{ offsets: [0] }, outOfRange, { offsets: [30, 49] }], bounds)
  const found: number[] = []
  for await (const list of readRange(depsOf(fetched), at, everything, undefined)) {
    bounds.low = 30
    found.push(...list.map(({ offset }) => offset))
  }
  expect(found).toEqual([0, 30, 49])
})

test('a read whose signal aborts between two lists ends with its reason', async () => {
  const { fetched } = source(2, [{ offsets: [0] }, { offsets: [1] }])
  const stop = new AbortController()
  const reading = readRange(depsOf(fetched), at, everything, stop.signal)
  await reading.next()
  stop.abort(new Fault('aborted', 'enough.'))
  await expect(reading.next()).rejects.toMatchObject({ code: 'aborted' })
})

test('an abort does not wait for a broker that is silent', async () => {
  const silent = { ...source(5, []).fetched, fetch: () => new Promise<never>(() => {}) }
  const stop = new AbortController()
  const reading = readRange(depsOf(silent), at, everything, stop.signal).next()
  stop.abort(new Fault('aborted', 'enough.'))
  await expect(reading).rejects.toMatchObject({ code: 'aborted' })
})
