import { type TraceContext, traceIdOf } from '@concord/contracts'
import { caseStoreKey, dueIndex, outboxIndex } from '../keys.ts'
import { unpackRecord, type PackedRecord } from '../packed-record.ts'
import type { Shell } from '../shell.ts'
import { isPublished, readCase, type CaseRecord } from './case-record.ts'
import type { Input, MessageInput, Process } from './define-process.ts'
import { createInTurn } from './in-turn.ts'
import { takeTurn, type Turn } from './turn.ts'

/** Which case, and the partition that it lives in. */
export interface CaseAt {
  key: string
  partition: number
}

export interface MessageArrival {
  input: MessageInput
  /** What tells this message from every other, and not from its repetition. */
  seenAs: string
  trace: TraceContext
}

/** The cases of a process: every change is one atomic write, and what it says is published before anything else is done to the case. */
export interface Cases<State> {
  /** @returns false where the message had its effect before. */
  onMessage(at: CaseAt, arrival: MessageArrival): Promise<boolean>
  /** Lets a deadline that has come have its effect. Does nothing where there is none any more. */
  onDue(at: CaseAt): Promise<void>
  /** Publishes what the case still has to say. */
  release(at: CaseAt): Promise<void>
  /** The state as it stands, or null. */
  look(key: string): Promise<State | null>
}

/** A case with the version of its key in the store. */
interface Held<State> {
  record: CaseRecord<State>
  stored: number
}

export function createCases<State, Event>(shell: Shell, process: Process<State, Event>): Cases<State> {
  const { store, clock, metrics } = shell.deps
  const inTurn = createInTurn()

  async function load({ key }: CaseAt): Promise<Held<State> | null> {
    const stored = await store.get(caseStoreKey(process.name, key))
    return stored && { record: readCase<State>(key, stored.value), stored: stored.version }
  }

  /** @returns the version that stands now, or null where another writer was first. */
  async function write({ key, partition }: CaseAt, record: CaseRecord<State>, ifVersion: number): Promise<number | null> {
    const index = [
      { index: dueIndex(process.name, partition), score: record.dueAt },
      { index: outboxIndex(process.name, partition), score: isPublished(record) ? null : clock.now() },
    ]
    const kept = process.closed === undefined || process.closed(record.state) ? { ttlMs: shell.config.horizonMs } : {}
    const put = await store.put(caseStoreKey(process.name, key), JSON.stringify(record), { ifVersion, index, ...kept })
    if (!put.ok) metrics.conflicts.inc()
    return put.ok ? put.version : null
  }

  /** History first, then the rest, then the note that it is out. @returns the case as it stands, or null where another writer was first. */
  async function publish(at: CaseAt, { record, stored }: Held<State>): Promise<Held<State> | null> {
    if (isPublished(record)) return { record, stored }
    await send(record.journal)
    await send(record.outbox)
    const published = { ...record, journal: [], outbox: [] }
    const version = await write(at, published, stored)
    return version === null ? null : { record: published, stored: version }
  }

  async function send(records: readonly PackedRecord[]): Promise<void> {
    await shell.sender.send(records.map(unpackRecord))
    for (const { topic } of records) metrics.published.inc({ topic })
  }

  /** The case, with nothing left to publish. */
  async function settled(at: CaseAt): Promise<Held<State> | null> {
    for (;;) {
      const held = await load(at)
      if (held === null) return null
      const published = await publish(at, held)
      if (published !== null) return published
    }
  }

  function observe({ events }: Turn<State, Event>, requestTrace: TraceContext): void {
    const log = shell.log.child({ traceId: traceIdOf(requestTrace) })
    for (const { event, after } of events) process.observe?.(event, after, { metrics, log })
  }

  /** Takes turns until one is stored, and publishes it. `input` says what the case is to be told, or null for nothing. */
  async function advance(at: CaseAt, tell: (held: Held<State> | null) => Telling | null): Promise<boolean> {
    for (;;) {
      const held = await settled(at)
      const telling = tell(held)
      if (telling === null) return false
      const before = held?.record ?? newCase(process.initial, telling.trace)
      const trace = inTraceOf(before, telling.trace)
      const turn = await takeTurn(shell, process, before, telling.input, { trace, seenAs: telling.seenAs })
      const nothingToStore = turn.events.length === 0 && (held === null || telling.seenAs === null)
      if (nothingToStore) return true
      const version = await write(at, turn.after, held?.stored ?? 0)
      if (version === null) continue
      observe(turn, trace)
      await publish(at, { record: turn.after, stored: version })
      return true
    }
  }

  return {
    onMessage: (at, { input, seenAs, trace }) =>
      inTurn.run(at.key, () => advance(at, (held) => (held?.record.seen.includes(seenAs) ? null : { input, seenAs, trace }))),
    onDue: (at) =>
      inTurn.run(at.key, async () => {
        const told = await advance(at, (held) => dueNow(held, clock.now()))
        if (told) metrics.due.inc()
      }),
    release: (at) => inTurn.run(at.key, async () => void (await settled(at))),
    look: async (key) => (await load({ key, partition: 0 }))?.record.state ?? null,
  }
}

interface Telling {
  input: Input
  seenAs: string | null
  trace: TraceContext
}

function dueNow(held: Held<unknown> | null, now: number): Telling | null {
  if (held === null) return null
  const { dueAt, trace } = held.record
  return dueAt === null || dueAt > now ? null : { input: { kind: 'due', at: dueAt }, seenAs: null, trace }
}

function newCase<State>(initial: State, trace: TraceContext): CaseRecord<State> {
  return { state: initial, version: 0, seen: [], journal: [], outbox: [], dueAt: null, trace }
}

/** The message's context where it is of the case's trace, so that its span is the parent; otherwise the case's own. */
function inTraceOf(record: CaseRecord<unknown>, trace: TraceContext): TraceContext {
  return traceIdOf(record.trace) === traceIdOf(trace) ? trace : record.trace
}
