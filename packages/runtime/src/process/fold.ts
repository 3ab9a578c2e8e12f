/** A case from its history. Pure. */
import type { CaseEvent, TraceContext } from '@concord/contracts'
import type { PackedRecord } from '../packed-record.ts'
import { mostSeen } from './case-record.ts'
import type { Process } from './define-process.ts'
import type { InputAt, TurnEntry } from './turn-entry.ts'

/** One entry of a case's history, as it stands in the log. */
export interface HistoryEntry {
  entry: CaseEvent
  turn: TurnEntry
  /** The broker's time of the record. Milliseconds since the epoch. */
  at: number
  trace: TraceContext
}

/** A case after a whole turn. */
export interface Tip<State> {
  state: State
  version: number
  life: number
  epoch: number
  seen: string[]
  trace: TraceContext
  /** Of the last turn: all turns before it are published, or it would not have been taken. */
  lastAt: number
  input: InputAt | null
  outbox: PackedRecord[]
}

/** How far the history of a case is folded. */
export interface Folding<State> {
  readonly tip: Tip<State> | null
  /** What `tip` was made from: another turn may turn out to stand in its place. */
  readonly base: Tip<State> | null
  /** The entries of a turn that is not whole yet. */
  readonly pending: readonly HistoryEntry[]
  /** Why the case cannot be folded on, or null. */
  readonly broken: string | null
}

export const nothingFolded: Folding<never> = { tip: null, base: null, pending: [], broken: null }

type Core<State, Event> = Pick<Process<State, Event>, 'initial' | 'evolve' | 'journal'>

/** Takes the next entry of the log. Repeats change nothing. */
export function foldEntry<State, Event>(core: Core<State, Event>, so: Folding<State>, next: HistoryEntry): Folding<State> {
  const index = next.entry.caseVersion - next.turn.first
  const goesOn = index > 0 && index === so.pending.length && isSameTurn(so.pending[0], next)
  const pending = goesOn ? [...so.pending, next] : index === 0 ? [next] : []
  if (pending.length < next.turn.count) return { ...so, pending }
  return { ...foldTurn(core, so, pending), pending: [] }
}

function isSameTurn(first: HistoryEntry | undefined, { turn }: HistoryEntry): boolean {
  if (first === undefined) return false
  const { life, epoch, first: version } = first.turn
  return life === turn.life && epoch === turn.epoch && version === turn.first
}

/** Where the turn belongs: after the tip, in its place, or nowhere. */
function foldTurn<State, Event>(
  core: Core<State, Event>,
  so: Folding<State>,
  turn: readonly HistoryEntry[],
): Omit<Folding<State>, 'pending'> {
  const { tip, base } = so
  const { life, epoch, first } = turn[0]!.turn
  if (tip === null)
    return first === 1 ? onto(core, null, turn) : { ...so, broken: so.broken ?? 'its history begins in the middle.' }
  // Of a writer that a rebuilding has shut out: nothing of it was published but this.
  if (epoch < tip.epoch) return so
  if (life !== tip.life) return first === 1 && (epoch > tip.epoch || life > tip.life) ? onto(core, null, turn) : so
  if (first === tip.version + 1) return so.broken === null ? onto(core, tip, turn) : so
  if (first > tip.version) return { ...so, broken: so.broken ?? `its history has a hole after version ${tip.version}.` }
  return epoch > tip.epoch && first === (base?.version ?? 0) + 1 ? onto(core, base, turn) : so
}

function onto<State, Event>(
  core: Core<State, Event>,
  base: Tip<State> | null,
  turn: readonly HistoryEntry[],
): Omit<Folding<State>, 'pending'> {
  const { turn: of, trace } = turn[0]!
  try {
    const state = turn.reduce(
      (before, { entry }) => core.evolve(before, core.journal.event(entry)),
      base === null ? core.initial : base.state,
    )
    const seen = base?.seen ?? []
    const tip: Tip<State> = {
      state,
      version: of.first + of.count - 1,
      life: of.life,
      epoch: of.epoch,
      seen: of.seenAs === null ? seen : [...seen, of.seenAs].slice(-mostSeen),
      trace: base?.trace ?? trace,
      lastAt: turn.at(-1)!.at,
      input: of.input,
      outbox: turn.flatMap((one) => one.turn.outbox),
    }
    return { tip, base, broken: null }
  } catch {
    return { tip: base, base: null, broken: `its event ${of.first} cannot be folded by this version.` }
  }
}
