/** W3C trace context: one trace id from the producer to the reply. Source: w3.org/TR/trace-context */
import { createHash } from 'node:crypto'
import type { Random } from './clock.ts'

export interface TraceContext {
  /** `00-<trace id>-<parent id>-<flags>`. */
  traceparent: string
  tracestate?: string
  baggage?: string
}

/** Whose trace: every reader derives the same id from it. */
export interface TraceOwner {
  tenantId: string
  requestId: string
}

/**
 * The message's trace context. Without a valid traceparent the trace is derived from tenant and request, so that every reader
 * of the message derives the same one; a tracestate that came without one is dropped, as the standard asks.
 */
export function traceOf(headers: Readonly<Record<string, string>>, of: TraceOwner): TraceContext {
  const { traceparent, tracestate, baggage } = headers
  const kept = baggage === undefined ? {} : { baggage }
  if (traceparent === undefined || !isTraceparent(traceparent)) return { traceparent: derivedTraceparent(of), ...kept }
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }), ...kept }
}

/** 32 hex digits. */
export function deriveTraceId(of: TraceOwner): string {
  return digestOf(of).slice(0, 32)
}

/** The 32 hex digits of a valid traceparent. */
export function traceIdOf(trace: TraceContext): string {
  return trace.traceparent.slice(3, 35)
}

/** The same trace under a new parent id. */
export function childOf(trace: TraceContext, random: Random = Math.random): TraceContext {
  const flags = trace.traceparent.slice(53, 55)
  return { ...trace, traceparent: `00-${traceIdOf(trace)}-${spanId(random)}-${flags}` }
}

export function isTraceparent(text: string): boolean {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(text)
  if (match === null) return false
  const [, version, traceId = '', parentId = '', more] = match
  if (version === 'ff' || (version === '00' && more !== undefined)) return false
  return /[^0]/.test(traceId) && /[^0]/.test(parentId)
}

function derivedTraceparent(of: TraceOwner): string {
  return `00-${deriveTraceId(of)}-${digestOf(of).slice(32, 48)}-01`
}

function digestOf(of: TraceOwner): string {
  return createHash('sha256').update(`trace\n${of.tenantId}\n${of.requestId}`).digest('hex')
}

function spanId(random: Random): string {
  const half = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  const id = half() + half()
  return /[^0]/.test(id) ? id : '0000000000000001'
}
