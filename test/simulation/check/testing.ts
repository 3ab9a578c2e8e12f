/** Made-up evidence, for the tests of the checks. */
import { messageHeaders, partitionKey, requests, type Envelope, type Request, type Topic } from '@concord/contracts'
import { emptyEvidence, type Appended } from '../evidence.ts'
import type { Facts } from './facts.ts'

/** Facts of a run in which nothing happened but what is given. */
export function facts(given: Partial<Facts> = {}): Facts {
  return { ...emptyEvidence(), requests: [], bad: [], settings: { concurrency: 2, ratePerSecond: 2 }, ...given }
}

export interface Place {
  offset?: number
  partition?: number
  key?: string
  headers?: Record<string, string>
  /** Beside the message's own: another content under the same id. */
  bytes?: string
}

/** A log that numbers what is put into it: first come, first. */
export function createLog(): { said: (topic: Topic, value: unknown, place?: Place) => Appended; all: Appended[] } {
  const all: Appended[] = []
  const ends = new Map<string, number>()
  return {
    all,
    said(topic, value, { partition = 0, key, headers = {}, bytes, offset } = {}) {
      const at = `${topic.name}/${partition}`
      const next = offset ?? ends.get(at) ?? 0
      ends.set(at, next + 1)
      const text = Object.entries({ ...headersOf(topic, value), ...headers }).map(([name, one]) => [name, Buffer.from(one)])
      const record = {
        topic: topic.name,
        partition,
        offset: next,
        timestamp: Date.UTC(2026, 0, 1),
        key: Buffer.from(key ?? keyOf(topic, value)),
        value: Buffer.from(bytes ?? JSON.stringify(value)),
        headers: Object.fromEntries(text) as Record<string, Buffer>,
      }
      const one = { seq: 10 * (all.length + 1), by: 'somebody', record, value }
      all.push(one)
      return one
    },
  }
}

function headersOf(topic: Topic, value: unknown): Record<string, string> {
  if (value === null || topic.name === requests.name) return {}
  const { messageId, requestId } = envelopeOf(value)
  const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
  return messageHeaders({ topic: topic.name, messageId, source: 'somebody', requestId, time: 0, trace })
}

function keyOf(topic: Topic, value: unknown): string {
  if (value === null) return 'nobody:nothing'
  const { tenantId, requestId, conversationId } = value as Request
  return topic.name === requests.name ? `${tenantId}:${conversationId ?? requestId}` : partitionKey(envelopeOf(value))
}

const envelopeOf = (value: unknown): Envelope => (value as { envelope: Envelope }).envelope
