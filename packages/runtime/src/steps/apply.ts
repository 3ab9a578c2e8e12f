import { requests } from '@concord/contracts'
import type { Cases } from '../process/cases.ts'
import type { MessageInput, Process } from '../process/define-process.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import { messageOf, spanOf, type Message, type Step, type Work } from '../work.ts'

/** Lets the message have its effect on its case. Past here everything that it caused is acknowledged. */
export function apply(shell: Shell, process: Process, cases: Cases<unknown>): Step {
  return async (work, next) => {
    const message = messageOf(work)
    const input = inputOf(message, work)
    const { topic, partition, offset } = work.record
    const arrival = { input, seenAs: seenAs(message, work), trace: spanOf(work).trace, from: { topic, partition, offset } }
    const fresh = await cases.onMessage({ key: process.key(input), partition }, arrival)
    return fresh ? next() : skipped(shell, work, 'duplicate')
  }
}

function inputOf({ topic, value, envelope, id, hash }: Message, { record }: Work): MessageInput {
  return { kind: 'message', noun: topic.noun, value, envelope, id, hash, receivedAt: record.timestamp }
}

/**
 * A message that comes again has its id again. A producer that sends a request again wants its outcome again, so there only the very
 * same record is a repetition.
 */
function seenAs({ topic, id }: Message, { record }: Work): string {
  return topic.name === requests.name ? `${id}@${record.partition}/${record.offset}` : id
}
