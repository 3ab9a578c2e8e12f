import { Fault, traceIdOf, type TraceContext } from '@concord/contracts'
import type { Shell } from '../shell.ts'
import type { CaseRecord } from './case-record.ts'
import { createCaseStore, type CaseAt, type Held } from './case-store.ts'
import type { Input, MessageInput, Process } from './define-process.ts'
import { createInTurn } from './in-turn.ts'
import type { Keeper } from './keeper.ts'
import type { InputAt } from './turn-entry.ts'
import { takeTurn, type Turn } from './turn.ts'

export interface MessageArrival {
  input: MessageInput
  /** What tells this message from every other, and not from its repetition. */
  seenAs: string
  trace: TraceContext
  /** Where it stands. */
  from: InputAt
}

/** The cases of a process: every change is one atomic write, and what it says is published before anything else is done to the case. */
export interface Cases<State> {
  /** @returns false where the message had its effect before. */
  onMessage(at: CaseAt, arrival: MessageArrival): Promise<boolean>
  /** Lets a deadline that has come have its effect. Does nothing where there is none any more. */
  onDue(at: CaseAt): Promise<void>
  /** Publishes what the case still has to say. */
  release(at: CaseAt): Promise<void>
  /** The state as it stands, or null where there is no such case. */
  look(at: CaseAt): Promise<State | null>
}

/** What a case is to be told. */
interface Telling {
  input: Input
  /** Null for what cannot repeat. */
  seenAs: string | null
  trace: TraceContext
  from: InputAt | null
}

export function createCases<State, Event>(shell: Shell, process: Process<State, Event>, keeper: Keeper): Cases<State> {
  const { clock, metrics } = shell.deps
  const store = createCaseStore(shell, process, keeper)
  const inTurn = createInTurn()

  /** Takes turns until one is stored, and publishes it. @returns false where there was nothing to tell. */
  async function advance(at: CaseAt, tell: (record: CaseRecord<State> | null) => Telling | null): Promise<boolean> {
    for (;;) {
      const held = await store.settled(at)
      const telling = tell(held.record)
      const turn = telling && (await turnOf(at, held, telling))
      if (turn === null || (turn.events.length === 0 && (held.record === null || telling?.seenAs === null))) {
        await keeper.stands(held.guard) // nothing is written that would be refused
        return turn !== null
      }
      const written = await store.write(at.key, turn.after, held)
      if (written === null) continue
      observe(shell, process, turn)
      await store.publish(at.key, written)
      return true
    }
  }

  function turnOf(at: CaseAt, { record, guard }: Held<State>, { input, ...telling }: Telling): Promise<Turn<State, Event>> {
    const before = record ?? newCase(process.initial, at, telling.trace, clock.now())
    const trace = inTraceOf(before, telling.trace)
    return takeTurn(shell, process, before, input, { ...telling, trace, key: at.key, epoch: guard.epoch })
  }

  /** One after the other for a case; each is waited for before anything is rebuilt. */
  const queued = <T>({ key }: CaseAt, work: () => Promise<T>): Promise<T> => keeper.during(() => inTurn.run(key, work))

  return {
    onMessage: (at, { input, seenAs, trace, from }) =>
      queued(at, () => advance(at, (record) => (record?.seen.includes(seenAs) ? null : { input, seenAs, trace, from }))),
    onDue: (at) =>
      queued(at, async () => {
        if (await advance(at, (record) => dueNow(record, clock.now()))) metrics.due.inc()
      }),
    release: (at) => queued(at, async () => void (await store.settled(at))),
    async look(at) {
      const { record, guard } = await store.load(at)
      await keeper.stands(guard)
      return record?.state ?? null
    },
  }
}

function dueNow(record: CaseRecord<unknown> | null, now: number): Telling | null {
  if (record === null) return null
  const { dueAt, trace } = record
  return dueAt === null || dueAt > now ? null : { input: { kind: 'due', at: dueAt }, seenAs: null, trace, from: null }
}

function newCase<State>(initial: State, { partition }: CaseAt, trace: TraceContext, now: number): CaseRecord<State> {
  const nothing = { version: 0, epoch: 0, seen: [], journal: [], outbox: [], dueAt: null }
  return { ...nothing, state: initial, life: now, partition, trace }
}

/** The message's context where it is of the case's trace, so that its span is the parent; otherwise the case's own. */
function inTraceOf(record: CaseRecord<unknown>, trace: TraceContext): TraceContext {
  return traceIdOf(record.trace) === traceIdOf(trace) ? trace : record.trace
}

/** What is stored has happened: a figure that cannot be counted undoes nothing. */
function observe<State, Event>(shell: Shell, process: Process<State, Event>, turn: Turn<State, Event>): void {
  const log = shell.log.child({ traceId: traceIdOf(turn.trace) })
  try {
    for (const { event, after } of turn.events) process.observe?.(event, after, { metrics: shell.deps.metrics, log })
  } catch (error) {
    log.error({ error: Fault.from(error) }, 'observe has thrown')
  }
}
