import { Fault, messageHeaders, partitionKey, type Codec, type Envelope, type Topic, type TraceContext } from '@concord/contracts'
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
}

/** Outputs as records: bytes, key, headers. Rejects with `undeclared_output`, or `unreadable` for a value that breaks its contract. */
export function encodeOutputs(outputs: readonly OutputOf<Topic>[], options: EncodeOptions): Promise<OutRecord[]> {
  return Promise.all(outputs.map((output) => encode(output, options)))
}

async function encode({ topic, value }: OutputOf<Topic>, options: EncodeOptions): Promise<OutRecord> {
  const { codec, source, declared, trace } = options
  if (!declared.some(({ name }) => name === topic.name)) throw undeclared(source, topic)
  const envelope = envelopeOf(topic, value)
  const { messageId, requestId, madeAt: time } = envelope
  const span = startSendSpan({ topic: topic.name, messageId, parent: trace })
  try {
    const bytes = await codec.encode(topic, value)
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
  throw new Fault('undeclared_output', `an output for ${topic.name} has no envelope.`)
}
