import { Fault, type TraceContext } from '@concord/contracts'
import { encodeOutputs } from '../encode.ts'
import { packRecord, type PackedRecord } from '../packed-record.ts'
import type { Shell } from '../shell.ts'
import { mostSeen, type CaseRecord } from './case-record.ts'
import type { Input, Process } from './define-process.ts'
import type { InputAt, TurnEntry } from './turn-entry.ts'

/** What one input does to a case, before anything is stored. */
export interface Turn<State, Event> {
  after: CaseRecord<State>
  /** Each with the state after it. */
  events: readonly { event: Event; after: State }[]
  trace: TraceContext
}

export interface TurnOptions {
  /** The case's. */
  key: string
  /** Of the guard that the turn will be stored under. */
  epoch: number
  /** What the outputs are part of. */
  trace: TraceContext
  /** Remembered, so that it has its effect once; null for what cannot repeat. */
  seenAs: string | null
  /** Where the message stands. */
  from: InputAt | null
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
  options: TurnOptions,
): Promise<Turn<State, Event>> {
  const { trace, seenAs, epoch } = options
  const events: { event: Event; after: State }[] = []
  let { state } = before
  for (const event of decided) {
    state = process.evolve(state, event)
    events.push({ event, after: state })
  }
  const written = await Promise.all(
    events.map((one, at) => write(shell, process, { ...options, before, at, of: events.length }, one, input)),
  )
  const after = {
    ...before,
    state,
    version: before.version + events.length,
    epoch: events.length === 0 ? before.epoch : epoch,
    seen: seenAs === null ? before.seen : [...before.seen, seenAs].slice(-mostSeen),
    journal: written.map(({ entry }) => entry),
    outbox: written.flatMap(({ outbox }) => outbox),
    dueAt: process.dueAt(state),
  }
  return { after, events, trace }
}

interface Place extends TurnOptions {
  before: CaseRecord<unknown>
  /** Which event of the turn, and of how many. */
  at: number
  of: number
}

/** What an event publishes, and its entry in the history, which holds that as it is sent. */
async function write<State, Event>(
  { manifest, deps }: Shell,
  process: Process<State, Event>,
  { key, before, epoch, trace, seenAs, from, at, of }: Place,
  { event, after }: { event: Event; after: State },
  input: Input,
): Promise<{ entry: PackedRecord; outbox: PackedRecord[] }> {
  const { journal, produces: declared } = process
  const encoding = { ...deps, source: manifest.name, trace }
  const outbox = (await encodeOutputs(process.outputs(event), { ...encoding, declared })).map(packRecord)
  const first = before.version + 1
  const turn: TurnEntry = {
    process: process.name,
    case: key,
    life: before.life,
    epoch,
    first,
    count: of,
    seenAs,
    input: from,
    outbox,
  }
  const value = { ...journal.entry({ event, after, version: first + at, epoch, input }), turn: JSON.stringify(turn) }
  const [entry] = await encodeOutputs([{ topic: journal.topic, value }], { ...encoding, declared: [journal.topic] })
  // Where the case lives, whatever its key says: that partition is read when it is rebuilt.
  return { entry: packRecord({ ...entry!, partition: before.partition }), outbox }
}

/** A fault of the surroundings, which says nothing about the case. */
function isPassing({ code }: Fault): boolean {
  return code === 'registry_unavailable' || code === 'schema_unregistered'
}

/** A core is pure: what it threw it will throw again. */
function final(fault: Fault): Fault {
  return fault.code === 'internal' ? new Fault('internal', fault.message, { cause: fault.cause }) : fault
}
