/** From a record to a sighting, with the registry's client alone: none of our own decoding is trusted here. */
import { createHash } from 'node:crypto'
import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import type { KafkaMessage } from 'kafkajs'
import type { Body, Sighting } from '../check/sighting.ts'

export interface Place {
  topic: string
  partition: number
}

/** A message as the registry's client hands it out; every field is doubted. */
type Decoded = Record<string, unknown>

export async function sight(registry: SchemaRegistry, place: Place, message: KafkaMessage): Promise<Sighting> {
  const { topic, partition } = place
  const dead = topic.endsWith('.dlq')
  const base = {
    topic,
    partition,
    noun: dead ? 'dlq' : (topic.split('.')[1] ?? topic),
    offset: Number(message.offset),
    at: Number(message.timestamp),
    conversation: message.key?.toString() ?? '',
    maker: header(message, 'ce_source').replace('/agents/', ''),
    traceId: traceOf(header(message, 'traceparent')),
    content: contentOf(message),
  }
  if (dead) {
    const body: Body = {
      kind: 'dead-letter',
      group: header(message, 'x-consumer-group'),
      from: header(message, 'x-original-topic'),
      code: header(message, 'x-error-class'),
    }
    return { ...base, requestId: header(message, 'ce_subject'), messageId: header(message, 'ce_id'), body }
  }
  try {
    const value = (await registry.decode(message.value ?? Buffer.alloc(0))) as Decoded
    const envelope = recordOf(value['envelope'] ?? value)
    const messageId = base.noun === 'requests' ? header(message, 'ce_id') : text(envelope['messageId'])
    return { ...base, requestId: text(envelope['requestId']), messageId, body: bodyOf(base.noun, value, envelope) }
  } catch (error) {
    return { ...base, requestId: header(message, 'ce_subject'), messageId: '', body: { kind: 'undecodable', why: String(error) } }
  }
}

function bodyOf(noun: string, value: Decoded, envelope: Decoded): Body {
  switch (noun) {
    case 'requests':
      return { kind: 'request' }
    case 'replies':
      return { kind: 'reply', outcome: text(value['outcome']), reason: text(value['reason']) }
    case 'escalations': {
      const { caseVersion, shownHash, reason } = value
      return { kind: 'escalation', caseVersion: Number(caseVersion), shownHash: text(shownHash), reason: text(reason), envelope }
    }
    case 'model-calls': {
      const { callId, agent, outcome, startedAt } = value
      const [called, by, how] = [text(callId), text(agent), text(outcome)]
      return { kind: 'model-call', callId: called, agent: by, outcome: how, startedAt: Number(startedAt) }
    }
    default:
      return { kind: 'message', revision: Number(envelope['revision']) }
  }
}

function recordOf(value: unknown): Decoded {
  if (typeof value === 'object' && value !== null) return value as Decoded
  throw new TypeError('the message has no envelope')
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError('a field that is text everywhere is none here')
}

function header({ headers }: KafkaMessage, name: string): string {
  const value = headers?.[name]
  return Array.isArray(value) ? '' : (value?.toString() ?? '')
}

const traceOf = (traceparent: string): string | null =>
  /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1] ?? null

const contentOf = ({ key, value }: KafkaMessage): string =>
  createHash('sha256')
    .update(`${key?.length ?? -1}\n`)
    .update(key ?? '')
    .update(value ?? '')
    .digest('hex')
