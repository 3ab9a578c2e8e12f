/** The toy process on a bench, for tests that take its store away. */
import { caseEvents, replies, type CaseEvent, type Reply, type Topic } from '@concord/contracts'
import { aTriage } from '@concord/contracts/testing'
import { expect, onTestFinished } from 'vitest'
import type { Deps, Running } from '../deps.ts'
import { caseStoreKey } from '../keys.ts'
import type { Process } from '../process/define-process.ts'
import { runProcess } from '../process/run-process.ts'
import type { Bench } from '../testing.ts'
import { toy, toyCaseMs, type ToyState } from './toy-process.ts'

export const horizonMs = 3 * toyCaseMs
/** Long enough to notice a loss and to make it good. */
export const awhile = 1_000

export interface Start {
  clientId?: string
  process?: Process
  deps?: Deps
}

export async function start(
  bench: Bench,
  { clientId = 'toy-0', process = toy, deps = bench.deps }: Start = {},
): Promise<Running> {
  const run = runProcess(process, deps, { clientId, horizonMs })
  onTestFinished(() => stop(bench, run))
  await bench.pass()
  await run.started
  return run
}

export async function stop(bench: Bench, run: Running): Promise<void> {
  const stopping = run.stop()
  await bench.pass(20_000)
  await stopping
}

export const note = (revision: number, requestId = 'req-1') => aTriage({ category: 'note', envelope: { requestId, revision } })
export const final = (requestId = 'req-1') => aTriage({ category: 'final', envelope: { requestId, revision: 9 } })

export interface StoredCase {
  state: Extract<ToyState, { status: 'open' | 'closed' }>
  version: number
  partition: number
  seen: string[]
}

export async function stored({ store }: Bench, requestId = 'req-1'): Promise<StoredCase | null> {
  const found = await store.get(caseStoreKey('toy', `acme/${requestId}`))
  return found && (JSON.parse(found.value) as StoredCase)
}

/** The messages of a topic, repeats left out, which must be the same to the byte. */
export async function messages<T>(bench: Bench, topic: Topic): Promise<T[]> {
  const byId = new Map<string, { bytes: string; value: unknown }>()
  for (const { value, record } of await bench.on(topic)) {
    const id = String(record.headers['ce_id'])
    const bytes = record.value?.toString('base64') ?? ''
    expect(bytes, `${topic.noun} ${id}`).toBe(byId.get(id)?.bytes ?? bytes)
    byId.set(id, { bytes, value })
  }
  return [...byId.values()].map(({ value }) => value as T)
}

/** Outcomes, in the order in which they were first said. */
export const said = async (bench: Bench): Promise<string[]> =>
  (await messages<Reply>(bench, replies)).map(({ outcome }) => outcome)

export const history = async (bench: Bench): Promise<string[]> =>
  (await messages<CaseEvent>(bench, caseEvents)).map(({ caseVersion, event }) => `${caseVersion} ${event}`)

/** The broker's port alone, to be replaced in part: its methods are a class's. */
export function portOf({ broker }: Bench): Deps['broker'] {
  return {
    producer: (options) => broker.producer(options),
    consumer: (options) => broker.consumer(options),
    admin: () => broker.admin(),
    read: (at, range, signal) => broker.read(at, range, signal),
  }
}
