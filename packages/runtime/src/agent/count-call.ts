import type { Metrics } from '@concord/telemetry'
import type { ModelCallRecord } from '@concord/model'

/** Tokens, cost and latency of one call. */
export function countCall(metrics: Metrics, record: ModelCallRecord): void {
  const { model, outcome, inputTokens, cachedInputTokens, outputTokens, costMicros, latencyMs } = record
  metrics.modelCalls.inc({ model, outcome })
  metrics.tokens.inc({ model, direction: 'input' }, inputTokens)
  metrics.tokens.inc({ model, direction: 'cached' }, cachedInputTokens)
  metrics.tokens.inc({ model, direction: 'output' }, outputTokens)
  metrics.cost.inc({ model }, costMicros ?? 0)
  metrics.modelLatency.observe({ model }, latencyMs / 1_000)
}
