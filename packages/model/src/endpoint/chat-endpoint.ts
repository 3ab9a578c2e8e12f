/** An endpoint over HTTP, by the protocol's official client, which never retries here. */
import type { Clock } from '@concord/contracts'
import OpenAI from 'openai'
import { classifyError } from '../classify-error.ts'
import { readReply } from '../reply.ts'
import { connectWithin } from './connect-within.ts'
import type { Completion, Endpoint } from './endpoint.ts'

export interface ChatEndpointOptions {
  /** Ends in /v1 for most endpoints. */
  baseURL: string
  apiKey: string
  clock: Clock
  /** Milliseconds until a connection must stand. */
  connectTimeoutMs: number
  /** Milliseconds after which the client itself gives up: the last resort, should the clock stand still. */
  lastResortMs: number
  /** Instead of the platform's; `connectTimeoutMs` is then its own affair. */
  fetch?: typeof globalThis.fetch
}

export function createChatEndpoint(options: ChatEndpointOptions): Endpoint {
  const { baseURL, apiKey, clock, connectTimeoutMs } = options
  const client = new OpenAI({
    baseURL,
    apiKey,
    maxRetries: 0,
    timeout: options.lastResortMs,
    logLevel: 'off',
    ...(options.fetch && { fetch: options.fetch }),
  })
  const send = (body: ReturnType<typeof bodyOf>, signal: AbortSignal): Promise<unknown> =>
    client.chat.completions.create(body, { signal })

  return {
    async complete(completion, signal) {
      const body = bodyOf(completion)
      try {
        const answer = options.fetch
          ? await send(body, signal)
          : await connectWithin(connectTimeoutMs, clock, signal, (limited) => send(body, limited))
        return readReply(answer)
      } catch (error) {
        return { kind: 'failed', ...classifyError(error, clock.now()) }
      }
    },
  }
}

function bodyOf({ model, messages, format, maxOutputTokens, temperature }: Completion) {
  return {
    model,
    messages: [...messages],
    ...(format === undefined ? {} : { response_format: format }),
    ...(maxOutputTokens === undefined ? {} : { max_completion_tokens: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  }
}
