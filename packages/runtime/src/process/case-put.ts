import type { IndexEntry, PutOptions } from '@concord/store'
import { dueIndex, outboxIndex } from '../keys.ts'
import { isPublished, type CaseRecord } from './case-record.ts'
import type { Process } from './define-process.ts'

/** Where a case stands beside its key, and for how long. */
export type CasePut = Pick<PutOptions, 'index' | 'ttlMs'>

/** @param filledAt when its outbox was, if it is */
export function casePut<State, Event>(
  process: Pick<Process<State, Event>, 'name' | 'indexes' | 'closed'>,
  record: CaseRecord<State>,
  { filledAt, keptMs }: { filledAt: number; keptMs: number },
): CasePut {
  const { partition, dueAt, state } = record
  const index: IndexEntry[] = [
    { index: dueIndex(process.name, partition), score: dueAt },
    { index: outboxIndex(process.name, partition), score: isPublished(record) ? null : filledAt },
    ...(process.indexes?.(state) ?? []),
  ]
  return isOver(process, state) ? { index, ttlMs: keptMs } : { index }
}

/** Whether the case may be forgotten once its time is over. */
export function isOver<State>({ closed }: Pick<Process<State, never>, 'closed'>, state: State): boolean {
  return closed === undefined || closed(state)
}
