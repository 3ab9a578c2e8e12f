/** Judges what was seen on the topics against what was asked and what was done. Pure: the same evidence, the same verdict. */
import { findRewinds, type Committed, type Rewind } from './commits.ts'
import type { Asking, Happening } from './happening.ts'
import { measureLatency, type Latency } from './latency.ts'
import { findDisorder, type Disorder } from './order.ts'
import { counted, countOutcomes, type OutcomeCount } from './outcomes.ts'
import { countRepeatedCalls, findRewritten, toldCalls, type RepeatCount, type Rewritten } from './repeats.ts'
import { isA, type Sighting } from './sighting.ts'
import { countLateRepeats } from './zombies.ts'

export interface Evidence {
  /** Ids of the requests that were sent and acknowledged. */
  asked: readonly string[]
  /** Every record about them, of every topic. */
  sightings: readonly Sighting[]
  /** What the model was asked meanwhile. */
  askings: readonly Asking[]
  happenings: readonly Happening[]
  committed: readonly Committed[]
  /** Milliseconds since the epoch: repeated calls and commits of before are not judged again. */
  since: number
  /** When the last fault was over, milliseconds since the epoch. */
  mendedAt: number
}

export interface Verdict {
  asked: number
  outcomes: OutcomeCount
  disorder: Disorder[]
  /** Requests whose records bear more than one trace id, or one without any. */
  brokenTraces: string[]
  /** `topic/partition/offset: why`. */
  undecodable: string[]
  /** `group topic code`, with how often. */
  deadLetters: Map<string, number>
  repeatedCalls: RepeatCount
  /** Calls that the agents themselves have told of twice. */
  toldTwice: RepeatCount
  rewritten: Rewritten[]
  /** What thawed members said late: known ids, known bytes. Another content would be `rewritten`. */
  lateRepeats: number
  rewinds: Rewind[]
  latency: Latency
}

export function check(evidence: Evidence): Verdict {
  const { asked, sightings, askings, happenings, since } = evidence
  const dead = sightings.filter(isA('dead-letter')).map(({ body }) => `${body.group} ${body.from} ${body.code}`)
  return {
    asked: asked.length,
    outcomes: countOutcomes(sightings, asked),
    disorder: findDisorder(sightings),
    brokenTraces: findBrokenTraces(sightings),
    undecodable: sightings
      .filter(isA('undecodable'))
      .map(({ topic, partition, offset, body }) => `${topic}/${partition}/${offset}: ${body.why}`),
    deadLetters: counted(dead),
    repeatedCalls: countRepeatedCalls(askings, happenings, since),
    toldTwice: countRepeatedCalls(toldCalls(sightings), happenings, since),
    rewritten: findRewritten(sightings, happenings),
    lateRepeats: countLateRepeats(sightings, happenings),
    rewinds: findRewinds(evidence.committed).filter(({ at }) => at >= since),
    latency: measureLatency(sightings, evidence.mendedAt),
  }
}

function findBrokenTraces(sightings: readonly Sighting[]): string[] {
  const known = sightings.filter(({ requestId }) => requestId !== '')
  return [...Map.groupBy(known, ({ requestId }) => requestId)]
    .filter(([, records]) => new Set(records.map(({ traceId }) => traceId)).size > 1 || records[0]?.traceId === null)
    .map(([requestId]) => requestId)
}

/** What must not be, in words, each with the first things that it was found in. Empty when all is well. */
export function violations(verdict: Verdict): string[] {
  const { outcomes } = verdict
  const found: [string, readonly unknown[]][] = [
    ['missing', outcomes.missing],
    ['double', outcomes.double],
    ['stray', outcomes.stray],
    ['expired', outcomes.expired],
    ['disorder', verdict.disorder],
    ['broken traces', verdict.brokenTraces],
    ['undecodable', verdict.undecodable],
    ['dead letters', [...verdict.deadLetters].map(([kind, times]) => `${kind} ×${times}`)],
    ['model calls repeated without a cause', verdict.repeatedCalls.unexplained],
    ['model calls told twice without a cause', verdict.toldTwice.unexplained],
    ['ids with another content', verdict.rewritten],
    ['commits that went backwards', verdict.rewinds],
  ]
  return found.filter(([, items]) => items.length > 0).map(([what, items]) => `${what} (${items.length}): ${shown(items)}`)
}

const shown = (items: readonly unknown[]): string =>
  items
    .slice(0, 5)
    .map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
    .join('; ') + (items.length > 5 ? ' …' : '')
