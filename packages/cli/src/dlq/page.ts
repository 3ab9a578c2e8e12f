/** One dead letter in full: its headers, its reason and the message, as far as it can be read. */
import { Fault, loadSchemas, topicByName, type Codec, type Topic } from '@concord/contracts'
import type { InRecord } from '@concord/messaging'
import { ownHeaders, readLetter } from '@concord/runtime'
import { unchecked, type DeadLetter } from './dead-letter.ts'
import { maskPersonal } from './mask.ts'
import type { CaseStanding } from './standing.ts'

export interface LetterPage {
  letter: DeadLetter
  /** Whose case it is, as it stands now; null where that cannot be told. */
  standing: CaseStanding | null
  /** Of the error. */
  stack: string
  /** Those that the message came with. A name that repeats has several values. */
  headers: { name: string; values: string[] }[]
  /** As Avro reads it, or why it cannot. */
  message: { value: unknown } | { unreadable: string; hex: string | null }
}

/** Headers that hold ids and addresses; any other may hold whatever its producer liked. */
const plain = /^(ce_|traceparent$|tracestate$|content-type$|x-replay-count$)/

export interface PageOptions {
  codec: Codec
  letter: DeadLetter
  standing: CaseStanding | null
  /** The letter's own record, for the reason. */
  record: InRecord
  /** The record that has the message: the letter's, or the one at which it points. */
  source: InRecord
  /** Shows what is personal, too. */
  reveal: boolean
}

export async function letterPage({ codec, letter, standing, record, source, reveal }: PageOptions): Promise<LetterPage> {
  const headers = Object.entries(ownHeaders(source.headers)).map(([name, value]) => ({
    name,
    values: [value].flat().map((one) => (reveal || plain.test(name) ? one.toString('utf8') : '(personal)')),
  }))
  const stack = readLetter(record)?.stack ?? ''
  const topic = topicByName(letter.original.topic)
  const message = topic === undefined ? foreign(source, reveal) : await decoded(codec, topic, source, reveal)
  return { letter, standing, stack: framesOf(stack, reveal), headers, message }
}

async function decoded(codec: Codec, topic: Topic, { value }: InRecord, reveal: boolean): Promise<LetterPage['message']> {
  try {
    const message = await codec.decode(unchecked(topic), value)
    const schema = loadSchemas().subjects.find(({ subject }) => subject === topic.subject)
    if (reveal) return { value: message }
    return schema === undefined ? { value: '(personal)' } : { value: maskPersonal(schema.current, message) }
  } catch (error) {
    return { unreadable: Fault.from(error).message, hex: hexOf(value, reveal) }
  }
}

const foreign = ({ value }: InRecord, reveal: boolean): LetterPage['message'] => ({
  unreadable: 'the topic is none of ours.',
  hex: hexOf(value, reveal),
})

/** The first bytes; enough to see what kind of thing it is. */
function hexOf(value: Buffer | null, reveal: boolean): string | null {
  if (value === null) return null
  return value.subarray(0, reveal ? 256 : 5).toString('hex')
}

/** An error's first lines may quote what it choked on; its frames do not. */
function framesOf(stack: string, reveal: boolean): string {
  return reveal
    ? stack
    : stack
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .join('\n')
}
