import type { ChatMessage } from '../../endpoint/endpoint.ts'
import { responseFormat } from '../../response-format.ts'
import { targetOf, type Ask, type Step } from '../ask.ts'
import type { Target } from '../routes.ts'

/** Sends one request. Nothing comes after it. */
export function call(): Step {
  return async (ask) => {
    const target = targetOf(ask)
    ask.signal.throwIfAborted()
    ask.attempts += 1
    const reply = await target.endpoint.complete(completionOf(ask, target), ask.signal)
    if (reply.kind === 'failed') {
      ask.retryAfterMs = reply.retryAfterMs
      throw reply.fault
    }
    ask.replies.push({ target, reply })
    return { reply }
  }
}

function completionOf({ request, messages, maxOutputTokens }: Ask, target: Target) {
  const format = responseFormat(request.schema, request.schemaName)
  const { schema } = format.json_schema
  const most = Math.min(maxOutputTokens ?? Infinity, target.maxOutputTokens ?? Infinity)
  return {
    model: target.model,
    messages: target.structured ? messages : messages.map((message) => withSchema(message, schema)),
    ...(target.structured ? { format } : {}),
    ...(most === Infinity ? {} : { maxOutputTokens: most }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
  }
}

/** For a model that takes no schema: it is told in the instructions, and the answer is checked all the same. */
function withSchema({ role, content }: ChatMessage, schema: unknown): ChatMessage {
  if (role !== 'system') return { role, content }
  return { role, content: `${content}\n\nAnswer with nothing but JSON that matches this JSON schema:\n${JSON.stringify(schema)}` }
}
