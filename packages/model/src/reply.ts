/** A chat completion as it came over the wire, from an endpoint that may not keep to the protocol. */
import { Fault } from '@concord/contracts'
import type { TokenUse } from './prices.ts'

export interface Reply {
  kind: 'text' | 'truncated' | 'refused' | 'empty'
  /** Empty where there is none. */
  text: string
  model: string | undefined
  use: TokenUse
}

/** Throws model_unavailable where the body is no chat completion at all, as when a proxy answers for the endpoint. */
export function readReply(body: unknown): Reply {
  const { choices, model, usage } = asRecord(body)
  if (!Array.isArray(choices))
    throw new Fault('model_unavailable', "the endpoint's answer is no chat completion", { retryable: true })
  const choice = asRecord(choices[0])
  const message = asRecord(choice['message'])
  const text = typeof message['content'] === 'string' ? message['content'] : ''
  return {
    kind: kindOf(text, message['refusal'], choice['finish_reason']),
    text,
    model: typeof model === 'string' && model !== '' ? model : undefined,
    use: readUse(asRecord(usage)),
  }
}

function kindOf(text: string, refusal: unknown, finish: unknown): Reply['kind'] {
  if ((typeof refusal === 'string' && refusal !== '') || finish === 'content_filter') return 'refused'
  if (finish === 'length') return 'truncated'
  return text.trim() === '' ? 'empty' : 'text'
}

function readUse(usage: Record<string, unknown>): TokenUse {
  const inputTokens = count(usage['prompt_tokens'])
  const cached = count(asRecord(usage['prompt_tokens_details'])['cached_tokens'])
  return { inputTokens, cachedInputTokens: Math.min(cached, inputTokens), outputTokens: count(usage['completion_tokens']) }
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
