/** What is put into the store for a case that was folded from its history, if anything is. */
import type { Stored } from '@concord/store'
import { readCase, writeBroken, writeCase, type CaseRecord } from './case-record.ts'
import { casePut, isOver, type CasePut } from './case-put.ts'
import type { Process } from './define-process.ts'
import type { Folding, Tip } from './fold.ts'
import type { InputAt } from './turn-entry.ts'

export type Verdict =
  | { kind: 'written' | 'broken'; value: string; beside: CasePut }
  | { kind: 'kept' }
  /** It ended longer ago than cases are kept, or never begun with a whole turn. */
  | { kind: 'omitted' }

export interface Surroundings {
  partition: number
  now: number
  horizonMs: number
  /** Whether all that a message caused is known to be published. */
  isDone(input: InputAt | null): boolean
}

/** A rebuilt outbox is as old as this, so that the first sweep takes it. Milliseconds. */
const leftBehindMs = 60_000

/** @param lastAt when the case's last entry was written, in milliseconds since the epoch */
export function verdictOn<State, Event>(
  process: Process<State, Event>,
  { tip, broken }: Folding<State>,
  lastAt: number,
  standing: Stored | null,
  around: Surroundings,
): Verdict {
  const { now, horizonMs } = around
  const keptMs = horizonMs - (now - lastAt)
  const stored = standing && readCase<State>(standing.value, process.stateVersion)
  const record = stored?.kind === 'case' ? stored.record : null
  if (broken !== null) {
    if (record !== null) return { kind: 'kept' }
    return keptMs > 0 ? { kind: 'broken', value: writeBroken(broken), beside: { ttlMs: keptMs } } : { kind: 'omitted' }
  }
  if (tip === null || (isOver(process, tip.state) && keptMs <= 0)) return { kind: 'omitted' }
  if (record !== null && isAsFarOn(record, tip)) return { kind: 'kept' }
  const rebuilt = recordOf(process, tip, around)
  const beside = casePut(process, rebuilt, { filledAt: now - leftBehindMs, keptMs })
  return { kind: 'written', value: writeCase(rebuilt, process.stateVersion), beside }
}

/**
 * The later epoch is the truth where two disagree, then the later life of the case, then the higher version: what stands may be one turn
 * ahead of the log, and what a set-back store holds may be many behind.
 */
function isAsFarOn({ epoch, life, version }: CaseRecord<unknown>, tip: Tip<unknown>): boolean {
  if (epoch !== tip.epoch) return epoch > tip.epoch
  return life === tip.life ? version >= tip.version : life > tip.life
}

function recordOf<State, Event>(process: Process<State, Event>, tip: Tip<State>, around: Surroundings): CaseRecord<State> {
  const { state, version, life, epoch, seen, trace, input } = tip
  return {
    state,
    version,
    life,
    epoch,
    partition: around.partition,
    seen,
    journal: [],
    outbox: around.isDone(input) ? [] : tip.outbox,
    dueAt: process.dueAt(state),
    trace,
  }
}
