/** The gateway over one endpoint and one model, for where there is no models file. */
import type { Clock, Random } from '@concord/contracts'
import { createChatEndpoint } from './endpoint/chat-endpoint.ts'
import type { OnGatewayEvent } from './gateway/events.ts'
import { createGateway } from './gateway/gateway.ts'
import { onlyRoute } from './gateway/routes.ts'
import type { RetryPolicy } from './gateway/steps/retry.ts'
import type { Model, ModelCallRecord } from './port.ts'
import { undatedPrices, type PriceBook } from './prices.ts'

export interface OpenAIModelOptions {
  /** Ends in /v1 for most endpoints. */
  baseURL: string
  apiKey: string
  /** As the endpoint names it. */
  model: string
  /** For the record; the base URL's host where it is left out. */
  provider?: string
  prices?: PriceBook
  clock: Clock
  random?: Random
  /** Called once for every ask, whatever became of it. Must not throw. */
  onCall?: (record: ModelCallRecord) => void
  onEvent?: OnGatewayEvent
  requestTimeoutMs: number
  connectTimeoutMs?: number
  retries?: RetryPolicy
  /** Instead of the platform's. */
  fetch?: typeof globalThis.fetch
  /** Ends every call under way. */
  signal?: AbortSignal
}

export const defaultConnectTimeoutMs = 5_000

export function createOpenAIModel(options: OpenAIModelOptions): Model {
  const { baseURL, model, requestTimeoutMs, connectTimeoutMs = defaultConnectTimeoutMs, random = Math.random } = options
  const provider = options.provider ?? new URL(baseURL).hostname
  const endpoint = createChatEndpoint({ ...options, connectTimeoutMs, lastResortMs: requestTimeoutMs * 2 })
  const routes = onlyRoute({
    id: `${provider}/${model}`,
    at: provider,
    provider,
    model,
    endpoint,
    requestTimeoutMs,
    structured: true,
  })
  const prices = undatedPrices(options.prices ?? {})
  return createGateway({ ...options, random, routes: () => routes, prices: () => prices })
}
