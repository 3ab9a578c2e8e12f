import { Fault, traceOf, type CaseEvent } from '@concord/contracts'
import type { InRecord } from '@concord/messaging'
import type { Deps } from '../deps.ts'
import { headerTexts } from '../header-texts.ts'
import type { Process } from './define-process.ts'
import type { HistoryEntry } from './fold.ts'
import { readTurn } from './turn-entry.ts'

export interface HistoryOptions {
  deps: Pick<Deps, 'broker' | 'codec'>
  process: Pick<Process, 'name' | 'journal'>
  partition: number
  signal?: AbortSignal
}

/**
 * The process's entries in a partition of the history, as far as it goes when reading begins, list by list in the order of the log.
 * Rejects with `broker_unavailable` or `registry_unavailable` (retryable), or with the signal's reason.
 * @param onUnreadable is told of each record that cannot be read; it is left out
 */
export async function* readHistory(
  { deps, process, partition, signal }: HistoryOptions,
  onUnreadable: () => void,
): AsyncGenerator<HistoryEntry[], void> {
  const { topic } = process.journal
  const read = async (record: InRecord): Promise<HistoryEntry | null> => {
    try {
      const entry: CaseEvent = await deps.codec.decode(topic, record.value)
      const turn = readTurn(process.name, entry)
      const headers = headerTexts(record.headers)
      return turn && { entry, turn, at: record.timestamp, trace: traceOf(headers, entry.envelope) }
    } catch (error) {
      const fault = Fault.from(error)
      if (fault.code !== 'unreadable') throw fault
      onUnreadable()
      return null
    }
  }
  for await (const records of deps.broker.read({ topic: topic.name, partition }, { from: 0, to: Infinity }, signal)) {
    yield (await Promise.all(records.map(read))).filter((entry) => entry !== null)
  }
}
