/** What operators see of a case: one line and a few figures for each event. No content. */
import type { Logger, Metrics } from '@concord/telemetry'
import type { CaseState } from './case.ts'
import type { CaseEvent } from './events.ts'

export function observe(event: CaseEvent, after: CaseState, { metrics, log }: { metrics: Metrics; log: Logger }): void {
  log.info({ event: event.type, status: after.status, caseVersion: after.version }, 'case event')
  switch (event.type) {
    case 'compared':
    case 'checked':
      for (const { layer, severity } of event.findings) metrics.contradictions.inc({ layer, severity })
      return
    case 'closed':
      metrics.outcomes.inc({ outcome: event.reply.outcome, reason: event.reply.reason })
      return
    case 'escalated':
      metrics.outcomes.inc({ outcome: 'escalated', reason: event.escalation.reason })
      return
    case 'reuse_rejected':
      metrics.outcomes.inc({ outcome: 'rejected', reason: 'request_id_reused' })
      return
    case 'late':
      metrics.skipped.inc({ topic: event.noun, reason: 'late' })
      return
    default:
  }
}
