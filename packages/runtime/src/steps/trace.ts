import { Fault, traceIdOf, traceOf } from '@concord/contracts'
import { startProcessSpan } from '@concord/telemetry'
import { headerTexts } from '../header-texts.ts'
import type { Shell } from '../shell.ts'
import { messageOf, type Step } from '../work.ts'

/**
 * A span around the handling, child of the message's own context. Stands after `decode`, because a producer's record without a
 * traceparent gets its trace from its ids.
 */
export function trace({ group, deps: { random } }: Shell): Step {
  return async (work, next) => {
    const { envelope, id } = messageOf(work)
    const { topic, partition, offset, headers } = work.record
    const context = traceOf(headerTexts(headers), envelope)
    const { conversationId, requestId } = envelope
    const span = startProcessSpan({ topic, partition, offset, group, messageId: id, conversationId, trace: context, random })
    work.span = span
    work.log = work.log.child({ requestId, traceId: traceIdOf(context) })
    try {
      return await span.run(next)
    } catch (error) {
      span.fail(Fault.from(error))
      throw error
    } finally {
      span.end()
    }
  }
}
