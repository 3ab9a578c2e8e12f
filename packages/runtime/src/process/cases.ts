import { Fault, traceIdOf, type TraceContext } from '@concord/contracts'
import type { Shell } from '../shell.ts'
import type { CaseRecord } from './case-record.ts'
import { createCaseStore, type CaseAt, type Held } from './case-store.ts'
import type { Input, MessageInput, Process } from './define-process.ts'
import { createInTurn } from './in-turn.ts'
import { takeTurn, type Turn } from './turn.ts'

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

/** What a case is to be told. */
interface Telling {
  input: Input
  /** Null for what cannot repeat. */
  seenAs: string | null
  trace: TraceContext
}

export function createCases<State, Event>(shell: Shell, process: Process<State, Event>): Cases<State> {
  const { clock, metrics } = shell.deps
  const store = createCaseStore(shell, process)
  const inTurn = createInTurn()

  /** Takes turns until one is stored, and publishes it. @returns false where there was nothing to tell. */
  async function advance(at: CaseAt, tell: (held: Held<State> | null) => Telling | null): Promise<boolean> {
    for (;;) {
      const held = await store.settled(at)
      const telling = tell(held)
      if (telling === null) return false
      const before = held?.record ?? newCase(process.initial, at, telling.trace)
      const trace = inTraceOf(before, telling.trace)
      const turn = await takeTurn(shell, process, before, telling.input, { trace, seenAs: telling.seenAs })
      const nothingToStore = turn.events.length === 0 && (held === null || telling.seenAs === null)
      if (nothingToStore) return true
      const written = await store.write(at, turn.after, held?.stored ?? 0)
      if (written === null) continue
      observe(shell, process, turn, trace)
      await store.publish(at, written)
      return true
    }
  }

  return {
    onMessage: (at, { input, seenAs, trace }) =>
      inTurn.run(at.key, () => advance(at, (held) => (held?.record.seen.includes(seenAs) ? null : { input, seenAs, trace }))),
    onDue: (at) =>
      inTurn.run(at.key, async () => {
        if (await advance(at, (held) => dueNow(held, clock.now()))) metrics.due.inc()
      }),
    release: (at) => inTurn.run(at.key, async () => void (await store.settled(at))),
    look: async (key) => (await store.load(key))?.record.state ?? null,
  }
}

function dueNow(held: Held<unknown> | null, now: number): Telling | null {
  if (held === null) return null
  const { dueAt, trace } = held.record
  return dueAt === null || dueAt > now ? null : { input: { kind: 'due', at: dueAt }, seenAs: null, trace }
}

function newCase<State>(initial: State, { partition }: CaseAt, trace: TraceContext): CaseRecord<State> {
  return { state: initial, version: 0, partition, seen: [], journal: [], outbox: [], dueAt: null, trace }
}

/** The message's context where it is of the case's trace, so that its span is the parent; otherwise the case's own. */
function inTraceOf(record: CaseRecord<unknown>, trace: TraceContext): TraceContext {
  return traceIdOf(record.trace) === traceIdOf(trace) ? trace : record.trace
}

/** What is stored has happened: a figure that cannot be counted undoes nothing. */
function observe<State, Event>(
  shell: Shell,
  process: Process<State, Event>,
  turn: Turn<State, Event>,
  trace: TraceContext,
): void {
  const log = shell.log.child({ traceId: traceIdOf(trace) })
  try {
    for (const { event, after } of turn.events) process.observe?.(event, after, { metrics: shell.deps.metrics, log })
  } catch (error) {
    log.error({ error: Fault.from(error) }, 'observe has thrown')
  }
}
