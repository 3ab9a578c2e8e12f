import {
  Fault,
  messageHeaders,
  partitionKey,
  type Codec,
  type Envelope,
  type Random,
  type Topic,
  type TraceContext,
} from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { startSendSpan } from '@concord/telemetry'
import type { OutputOf } from './outcome.ts'

export interface EncodeOptions {
  codec: Codec
  /** Of the maker. */
  source: string
  /** Topics that the maker may publish on. */
  declared: readonly Topic[]
  /** What the outputs are part of. */
  trace: TraceContext
  random: Random
}

/**
 * Outputs as records: bytes, key, headers; all of them or none. Rejects with `undeclared_output`, with `invalid_output` for a value that
 * breaks its contract, or with `registry_unavailable` (retryable).
 */
export function encodeOutputs(outputs: readonly OutputOf<Topic>[], options: EncodeOptions): Promise<OutRecord[]> {
  return Promise.all(outputs.map((output) => encode(output, options)))
}

async function encode(output: OutputOf<Topic>, options: EncodeOptions): Promise<OutRecord> {
  const { codec, source, declared, trace, random } = options
  // The topic as it was declared: what a handler names need only bear its name.
  const topic = declared.find(({ name }) => name === output.topic.name)
  if (topic === undefined) throw undeclared(source, output.topic)
  const envelope = envelopeOf(topic, output.value)
  const { messageId, requestId, madeAt: time } = envelope
  const span = startSendSpan({ topic: topic.name, messageId, parent: trace, random })
  try {
    const bytes = await codec.encode(topic, output.value).catch((error: unknown) => Promise.reject(unwritable(topic, error)))
    const headers = messageHeaders({ topic: topic.name, messageId, source, requestId, time, trace: span.trace })
    return { topic: topic.name, key: partitionKey(envelope), value: bytes, headers }
  } finally {
    span.end()
  }
}

function undeclared(source: string, topic: Topic): Fault {
  return new Fault('undeclared_output', `${source} does not declare that it publishes on ${topic.name}.`, {
    mend: 'Name the topic in `produces`.',
  })
}

/** Every message but the producer's request has one; the codec checks the rest of it. */
function envelopeOf(topic: Topic, value: unknown): Envelope {
  if (typeof value === 'object' && value !== null && 'envelope' in value && value.envelope) return value.envelope as Envelope
  throw new Fault('invalid_output', `an output for ${topic.name} has no envelope.`)
}

/** To its maker, a value that nobody could read is an output that breaks its contract; so is one that throws when it is looked at. */
function unwritable(topic: Topic, error: unknown): Fault {
  const fault = Fault.from(error)
  if (fault.code === 'internal') {
    return new Fault('invalid_output', `an output for ${topic.name} cannot be looked at.`, { cause: fault })
  }
  return fault.code === 'unreadable' ? new Fault('invalid_output', fault.message.slice('unreadable: '.length)) : fault
}
