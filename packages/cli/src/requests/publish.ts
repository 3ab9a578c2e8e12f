import {
  contentHash,
  conversationOf,
  messageHeaders,
  partitionKey,
  requests,
  traceOf,
  type Codec,
  type Request,
} from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'

/** The record of a request as a producer publishes it, with a trace of its own. */
export async function requestRecord(codec: Codec, request: Request, now: number): Promise<OutRecord> {
  const { tenantId, requestId } = request
  return {
    topic: requests.name,
    key: partitionKey({ tenantId, conversationId: conversationOf(request) }),
    value: await codec.encode(requests, request),
    headers: messageHeaders({
      topic: requests.name,
      messageId: contentHash({ tenantId, requestId, request }),
      source: 'producer',
      requestId,
      time: now,
      trace: traceOf({}, { tenantId, requestId }),
    }),
  }
}
