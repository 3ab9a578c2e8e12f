/** What a person reads of outcomes. */
import { shareTable } from '../demo/report.ts'
import { table } from '../table.ts'
import type { RequestResult } from './outcomes.ts'

const mostRows = 60

export function renderResult(result: RequestResult): string {
  const { requestId, outcome, reason, reply, error, actions, conflicts, decidedBy, traceId, ms } = result
  return [
    `${requestId}: ${outcome} (${reason}) by ${decidedBy} after ${ms} ms, trace ${traceId}`,
    ...(reply === null ? [] : ['', reply]),
    ...(error === null ? [] : ['', error]),
    ...(actions.length === 0 ? [] : ['', `done: ${actions.join(', ')}`]),
    ...conflicts.map(({ layer, sentence, settledBy }) => `conflict [${layer}] ${sentence} Settled by: ${settledBy ?? 'nobody'}.`),
    ...(outcome === 'escalated' ? ['', `A person decides: ./concord queue show ${requestId}`] : []),
  ].join('\n')
}

export function renderResults(results: readonly RequestResult[], tookMs: number): string {
  const rows = results.map(({ requestId, outcome, reason, ms }) => [requestId, outcome, reason, String(ms)])
  return [
    ...(rows.length > mostRows ? [] : [table(['request', 'outcome', 'why', 'ms'], rows), '']),
    shareTable(results),
    '',
    `${results.length} outcomes in ${(tookMs / 1000).toFixed(1)} s`,
  ].join('\n')
}
