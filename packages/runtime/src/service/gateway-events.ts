import type { GatewayEvent, ModelCallRecord, OnGatewayEvent } from '@concord/model'
import type { Logger, Metrics } from '@concord/telemetry'
import { countCall } from '../agent/count-call.ts'

/** What a service makes of the gateway's events: a figure for each, and a line in the log. */
export function gatewayEvents(log: Logger, metrics: Metrics): OnGatewayEvent {
  return (event) => {
    const { kind, ...fields } = event
    metrics.gatewayEvents.inc({ kind, target: 'target' in event ? event.target : '', reason: reasonOf(event) })
    log[levels[kind]](fields, said[kind])
  }
}

const levels: Readonly<Record<GatewayEvent['kind'], 'debug' | 'info' | 'warn' | 'error'>> = {
  retry: 'debug',
  stopped: 'debug',
  fallback: 'info',
  correction: 'debug',
  breaker: 'warn',
  models_loaded: 'info',
  models_refused: 'error',
}

const said: Readonly<Record<GatewayEvent['kind'], string>> = {
  retry: 'a model is asked again',
  stopped: 'a request to a model was not sent',
  fallback: 'a model is left for the next one',
  correction: 'an answer of a model cannot be used',
  breaker: 'a breaker changes',
  models_loaded: 'the models file has changed, and holds',
  models_refused: 'the models file has changed, and cannot be used; the one before holds',
}

/** A code with few values. */
function reasonOf(event: GatewayEvent): string {
  switch (event.kind) {
    case 'retry':
      return event.code
    case 'stopped':
      return event.by
    case 'fallback':
      return event.reason
    case 'breaker':
      return event.to
    default:
      return ''
  }
}

/** No message asks for the record of a shadow call, so it is counted and logged here; any other goes on to `onCall`. */
export function apartFromShadows(
  log: Logger,
  metrics: Metrics,
  onCall: (record: ModelCallRecord) => void,
): (record: ModelCallRecord) => void {
  return (record) => {
    if (record.shadow !== true) return onCall(record)
    countCall(metrics, record)
    log.info({ ...record }, 'a shadow call has ended')
  }
}
