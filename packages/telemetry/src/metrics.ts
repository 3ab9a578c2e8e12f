import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds; model work lasts longer than what libraries advise. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]

/** The figures of one service. Labels have few values: topics, codes and reasons, never ids, keys or customers. */
export type Metrics = ReturnType<typeof createMetrics>

/** @param service a label of every figure; each call has a registry of its own, so that many services share a process. */
export function createMetrics(service: string) {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  const counter = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `concord_${name}_total`, help, labelNames: [...labelNames], registers: [registry] })
  const gauge = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `concord_${name}`, help, labelNames: [...labelNames], registers: [registry] })
  const duration = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram({ name: `concord_${name}_seconds`, help, labelNames: [...labelNames], buckets: seconds, registers: [registry] })

  return {
    registry,
    handled: counter('messages_handled', 'Messages handled to their end, skipped ones included.', ['topic']),
    skipped: counter('messages_skipped', 'Messages that needed nothing, by reason.', ['topic', 'reason']),
    failed: counter('attempts_failed', 'Attempts that ended in a fault, by its code.', ['topic', 'code']),
    retries: counter('retries', 'Attempts put off to be made again, by the code of the fault.', ['topic', 'code']),
    deadLetters: counter('dead_letters', 'Messages given up, by the code of the fault.', ['topic', 'code']),
    published: counter('messages_published', 'Messages acknowledged by the broker.', ['topic']),
    inFlight: gauge('messages_in_flight', 'Messages being handled now.', []),
    inFlightLimit: gauge('messages_in_flight_limit', 'Messages that may be handled at once.', []),
    queued: gauge('messages_queued', 'Messages fetched that wait for their turn.', []),
    waiting: gauge('messages_waiting', 'Messages that wait to be tried again.', []),
    paused: gauge('partitions_paused', 'Partitions from which nothing is fetched now.', []),
    lag: gauge('lag_messages', 'Records from the committed offset to the end of the log.', ['topic', 'partition']),
    lagSeconds: gauge('lag_seconds', 'Age of the first record that is not done.', ['topic', 'partition']),
    oldest: gauge('oldest_incomplete_seconds', 'How long the oldest message under way has been here.', ['topic', 'partition']),
    gap: gauge('watermark_gap', 'Records from the watermark to the highest that is done.', ['topic', 'partition']),
    rebalances: counter('rebalances', 'Assignments of partitions to this replica.', []),
    rebalanceWait: counter('rebalance_wait_seconds', 'Time for which rebalances have kept work from starting.', []),
    refused: counter('publishes_refused', 'Publications held back because the partition may be of another replica by now.', []),
    headOfLine: counter('head_of_line_cancels', 'Messages ended because all behind them was done for long.', []),
    commits: counter('commits', 'Commits that the broker took.', []),
    commitFailures: counter('commit_failures', 'Commits that the broker did not take, those in a rebalance left out.', []),
    commitDuration: duration('commit', 'From the request of a commit to its answer.', []),
    openLetters: gauge('dead_letters_open', 'Dead letters neither replayed nor discarded, by the topic of the message.', [
      'topic',
    ]),
    oldestLetter: gauge('dead_letter_oldest_seconds', 'Age of the oldest open dead letter.', ['topic']),
    queueWait: duration('queue_wait', 'From the record of a message to the start of its handling.', ['topic']),
    limiterWait: duration('limiter_wait', 'Waiting for the limiter.', []),
    handle: duration('handle', 'Handling of a message, from its start to its end.', ['topic']),
    modelCalls: counter('model_calls', 'Calls of a model, by how they ended.', ['model', 'outcome']),
    tokens: counter('model_tokens', 'Tokens, by direction: input, cached, output.', ['model', 'direction']),
    cost: counter('model_cost_micros', 'Cost in millionths of the currency of the price book.', ['model']),
    modelLatency: duration('model_latency', 'Time of a call of a model, its attempts included.', ['model']),
    gatewayEvents: counter('gateway_events', 'What the model gateway did: retries, fallbacks, stops, breakers, corrections.', [
      'kind',
      'target',
      'reason',
    ]),
    outcomes: counter('outcomes', 'Cases ended, by outcome and reason.', ['outcome', 'reason']),
    contradictions: counter('contradictions', 'Contradictions found, by the layer that spoke.', ['layer', 'severity']),
    conflicts: counter('store_conflicts', 'Writes refused because the case had moved on.', []),
    rebuilds: counter('state_rebuilds', 'Partitions whose cases were rebuilt from case-events.', []),
    due: counter('due_fired', 'Deadlines of cases that fired.', []),
    missing: gauge('dependency_missing', '1 while a dependency does not answer.', ['dependency']),
  }
}

/** Adds the figures of the process itself: memory, event loop, garbage collection. Once in a process. */
export function addProcessMetrics(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics.registry })
}
