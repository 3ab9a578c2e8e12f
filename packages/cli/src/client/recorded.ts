import { Fault } from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'
import type { Client } from './client.ts'

/** The record of the last demo, or null where none has run: it can be looked at, and nothing more. */
export function createRecordedClient(entries: readonly LogEntry[] | null): Client {
  const ended = async (): Promise<never> => {
    throw new Fault('broker_unavailable', 'nothing is running.', {
      mend: 'Start ./concord up --embedded, or ./concord up, or set KAFKA_BROKERS.',
    })
  }
  return {
    name: 'the last demo',
    entriesOf: async (requestId) => entries?.filter((entry) => entry.requestId === requestId) ?? ended(),
    send: ended,
    watchReplies: ended,
    waiting: ended,
    decide: ended,
    lag: ended,
    rebuild: ended,
    deadLetters: ended,
    deadLetter: ended,
    standings: ended,
    replay: ended,
    discard: ended,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
