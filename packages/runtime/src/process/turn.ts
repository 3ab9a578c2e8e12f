import { Fault, type Topic, type TraceContext } from '@concord/contracts'
import { encodeOutputs } from '../encode.ts'
import type { OutputOf } from '../outcome.ts'
import { packRecord, type PackedRecord } from '../packed-record.ts'
import type { Shell } from '../shell.ts'
import { mostSeen, type CaseRecord } from './case-record.ts'
import type { Input, Process } from './define-process.ts'

/** What one input does to a case, before anything is stored. */
export interface Turn<State, Event> {
  after: CaseRecord<State>
  /** Each with the state after it. */
  events: readonly { event: Event; after: State }[]
}

export interface TurnOptions {
  /** What the outputs are part of. */
  trace: TraceContext
  /** Remembered, so that it has its effect once; null for what cannot repeat. */
  seenAs: string | null
}

/** Decides, folds and encodes. Touches nothing. Where the core throws, `onDecideError` says what becomes of the case. */
export async function takeTurn<State, Event>(
  shell: Shell,
  process: Process<State, Event>,
  before: CaseRecord<State>,
  input: Input,
  options: TurnOptions,
): Promise<Turn<State, Event>> {
  const now = shell.deps.clock.now()
  try {
    return await fold(shell, process, before, input, process.decide(before.state, input, now), options)
  } catch (error) {
    const fault = Fault.from(error)
    if (process.onDecideError === undefined || isPassing(fault)) throw final(fault)
    shell.log.error({ process: process.name, input: input.kind, error: fault }, 'the core has thrown')
    shell.deps.metrics.failed.inc({ topic: input.kind, code: fault.code })
    const events = process.onDecideError(before.state, input, fault, now)
    return await fold(shell, process, before, input, events, options)
  }
}

async function fold<State, Event>(
  shell: Shell,
  process: Process<State, Event>,
  before: CaseRecord<State>,
  input: Input,
  decided: readonly Event[],
  { trace, seenAs }: TurnOptions,
): Promise<Turn<State, Event>> {
  const events: { event: Event; after: State }[] = []
  const history: OutputOf<Topic>[] = []
  const outputs: OutputOf<Topic>[] = []
  let { state, version } = before
  for (const event of decided) {
    state = process.evolve(state, event)
    version++
    events.push({ event, after: state })
    if (process.journal)
      history.push({ topic: process.journal.topic, value: process.journal.entry(event, state, version, input) })
    outputs.push(...process.outputs(event))
  }
  const seen = seenAs === null ? before.seen : [...before.seen, seenAs].slice(-mostSeen)
  const journal = await encoded(shell, history, process.journal ? [process.journal.topic] : [], trace)
  const outbox = await encoded(shell, outputs, process.produces, trace)
  return { after: { ...before, state, version, seen, journal, outbox, dueAt: process.dueAt(state) }, events }
}

async function encoded(
  { manifest, deps }: Shell,
  outputs: OutputOf<Topic>[],
  declared: readonly Topic[],
  trace: TraceContext,
): Promise<PackedRecord[]> {
  const records = await encodeOutputs(outputs, { codec: deps.codec, source: manifest.name, declared, trace })
  return records.map(packRecord)
}

/** A fault of the surroundings, which says nothing about the case. */
function isPassing({ code }: Fault): boolean {
  return code === 'registry_unavailable' || code === 'schema_unregistered'
}

/** A core is pure: what it threw it will throw again. */
function final(fault: Fault): Fault {
  return fault.code === 'internal' ? new Fault('internal', fault.message, { cause: fault.cause }) : fault
}
