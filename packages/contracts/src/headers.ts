/** A message's headers, strings only: W3C trace context and CloudEvents 1.0 in binary mode. */
import { isUtf8 } from 'node:buffer'
import { Fault } from './faults.ts'
import type { TraceContext } from './trace.ts'

export interface HeadersOf {
  topic: string
  messageId: string
  /** Name of the agent that made the message. */
  source: string
  requestId: string
  /** Milliseconds since the epoch. */
  time: number
  trace: TraceContext
}

export function messageHeaders(of: HeadersOf): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: of.messageId,
    ce_type: of.topic,
    ce_source: `/agents/${of.source}`,
    ce_subject: of.requestId,
    ce_time: new Date(of.time).toISOString(),
    traceparent: of.trace.traceparent,
    ...(of.trace.tracestate === undefined ? {} : { tracestate: of.trace.tracestate }),
    ...(of.trace.baggage === undefined ? {} : { baggage: of.trace.baggage }),
  }
}

type HeaderValue = Buffer | string | null | undefined

/** Headers as a Kafka client hands them out. */
export type RawHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>

/** @throws Fault `unreadable` naming the header that repeats, has no value or is not UTF-8. */
export function readHeaders(headers: RawHeaders | undefined): Record<string, string> {
  const read: [string, string][] = []
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) read.push([name, textOf(name, value)])
  }
  return Object.fromEntries(read)
}

function textOf(name: string, value: HeaderValue | readonly HeaderValue[]): string {
  if (Array.isArray(value)) {
    if (value.length === 1) return textOf(name, value[0] as HeaderValue)
    throw flaw(name, `appears ${value.length} times`)
  }
  if (typeof value === 'string') return value
  if (!Buffer.isBuffer(value)) throw flaw(name, 'has no value')
  if (!isUtf8(value)) throw flaw(name, 'is not valid UTF-8')
  return value.toString('utf8')
}

function flaw(name: string, what: string): Fault {
  const shown = name.length > 64 ? `${name.slice(0, 64)}…` : name
  return new Fault('unreadable', `the header ${JSON.stringify(shown)} ${what}.`, {
    mend: 'Send each header once, as a UTF-8 string.',
  })
}
