/** What producers publish in a run: requests, repeats of them, ids used again, and records that nobody can read. */
import type { Chance } from './chance.ts'

export type Send =
  /** `sample` is a number to pick one of the domain's samples by. */
  | {
      kind: 'request'
      at: number
      requestId: string
      conversationId: string | null
      sample: number
      withinMs: number | null
      traced: boolean
    }
  | { kind: 'repeat'; at: number; of: string }
  /** The same id with another sample's words. */
  | { kind: 'reuse'; at: number; of: string; sample: number }
  | { kind: 'bad'; at: number; topic: BadTopic; flaw: Flaw; about: string }

export const badTopics = ['requests', 'triage', 'knowledge', 'policy', 'drafts', 'actions', 'decisions'] as const
export type BadTopic = (typeof badTopics)[number]

/** What is wrong with a record. */
export const flaws = ['garbage', 'empty', 'cut', 'unknown-schema', 'broken-rule'] as const
export type Flaw = (typeof flaws)[number]

export type Request = Extract<Send, { kind: 'request' }>

export function planSends(chance: Chance, healthy: boolean): Send[] {
  const favourite = chance.next()
  const asked = Array.from({ length: chance.whole(2, 5) }, (_, at) => requestOf(chance, at + 1, favourite))
  const odd = healthy ? [] : [...repeats(chance, asked), ...reuses(chance, asked), ...bad(chance, asked)]
  return [...asked, ...odd].sort((a, b) => a.at - b.at)
}

/** Some share a conversation, some ask for the same thing: two cases then want to change one record. */
function requestOf(chance: Chance, number: number, favourite: number): Request {
  return {
    kind: 'request',
    at: chance.whole(0, 15_000),
    requestId: `r-${number}`,
    conversationId: chance.happens(0.5) ? `c-${chance.whole(1, 2)}` : null,
    sample: chance.happens(0.3) ? favourite : chance.next(),
    withinMs: chance.happens(0.3) ? chance.whole(3, 40) * 1_000 : null,
    traced: chance.happens(0.3),
  }
}

function repeats(chance: Chance, asked: readonly Request[]): Send[] {
  const repeated = asked.filter(() => chance.happens(0.25))
  return repeated.map(({ at, requestId }) => ({ kind: 'repeat', at: at + chance.pick([0, 50, 30_000]), of: requestId }))
}

function reuses(chance: Chance, asked: readonly Request[]): Send[] {
  const reused = asked.filter(() => chance.happens(0.07))
  return reused.map(({ at, requestId }) => ({
    kind: 'reuse',
    at: at + chance.pick([0, 200, 20_000]),
    of: requestId,
    sample: chance.next(),
  }))
}

function bad(chance: Chance, asked: readonly Request[]): Send[] {
  const count = chance.happens(0.3) ? chance.whole(1, 3) : 0
  return Array.from({ length: count }, () => ({
    kind: 'bad',
    at: chance.whole(0, 20_000),
    topic: chance.pick(badTopics),
    flaw: chance.pick(flaws),
    about: chance.pick(asked).requestId,
  }))
}
