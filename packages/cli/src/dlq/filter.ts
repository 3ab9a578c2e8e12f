/** Which dead letters are meant. Pure. */
import { InvalidArgumentError } from 'commander'
import type { DeadLetter } from './dead-letter.ts'

/** Every condition that is given must hold. */
export interface LetterFilter {
  /** Consumer group. */
  agent?: string
  /** Code of the fault. */
  class?: string
  /** Where the message came from: noun or full name; or the dead-letter topic. */
  topic?: string
  key?: string
  request?: string
  conversation?: string
  /** Milliseconds since the epoch: written at this time or later. */
  since?: number
  /** Milliseconds since the epoch: written before this time. */
  before?: number
  /** Letters that were replayed or discarded too. */
  settled?: boolean
}

export function isMeant(letter: DeadLetter, filter: LetterFilter): boolean {
  const { original } = letter
  const noun = /^concord\.(.+)\.v\d+$/.exec(original.topic)?.[1]
  return (
    is(filter.agent, letter.group) &&
    is(filter.class, letter.errorClass) &&
    is(filter.topic, noun, original.topic, letter.topic) &&
    is(filter.key, letter.key) &&
    is(filter.request, letter.requestId) &&
    is(filter.conversation, letter.conversationId) &&
    letter.at >= (filter.since ?? -Infinity) &&
    letter.at < (filter.before ?? Infinity) &&
    (filter.settled === true || letter.settlements.length === 0)
  )
}

const is = (wanted: string | undefined, ...found: (string | null | undefined)[]): boolean =>
  wanted === undefined || found.includes(wanted)

const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `15m`, `2h` or `7d` before now, or a time such as `2026-03-01T08:00Z`. @returns milliseconds since the epoch */
export function timeBefore(text: string, now: number): number {
  const [, count, letter] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined) return now - Number(count) * unit[letter as keyof typeof unit]
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('Write it as 90s, 15m, 2h or 7d, or as a time: 2026-03-01T08:00Z.')
  return time
}
