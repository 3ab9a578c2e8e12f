/** Invariant 4: work happens once in effect; a finished call of a model is not repeated while the store lives. */
import type { Ask, Disturbance } from '../evidence.ts'
import type { Check, Facts } from './facts.ts'

interface Finished extends Ask {
  ended: number
}

export const workOnce: Check = (facts) => {
  const problems: string[] = []
  for (const [callId, asks] of Map.groupBy(facts.asks, (ask) => ask.callId)) {
    for (const finished of asks.filter(isFinished)) {
      const again = asks.find((other) => other.began > finished.ended)
      if (again !== undefined && !isExcused(facts, finished, again))
        problems.push(`${again.by} asked ${callId} again, to which ${finished.by} had the answer.`)
    }
  }
  return problems
}

const isFinished = (ask: Ask): ask is Finished => ask.answered && ask.ended !== null

/**
 * Three causes are allowed. The store has lost what was remembered. Whoever had the answer died, lost the work to another, or could not reach
 * the store before the answer was remembered. Or whoever asked again had looked before that, and lost the work or was held up since.
 */
function isExcused(facts: Facts, first: Finished, again: Ask): boolean {
  const { disturbances, remembered } = facts
  const key = workKeyOf(first.callId)
  const rememberedAt = remembered.find((one) => one.key === key && one.seq > first.ended)?.seq ?? Infinity
  const happened = (from: number, to: number, is: (one: Disturbance) => boolean): boolean =>
    disturbances.some((one) => one.seq >= from && one.seq <= to && is(one))

  const until = Math.min(rememberedAt, again.began)
  if (happened(lookBefore(facts, first), until, ({ by }) => by === first.by)) return true
  if (happened(first.began, again.began, ({ kind }) => kind === 'store-lost')) return true
  const looked = lookBefore(facts, again)
  return looked < rememberedAt && happened(looked, again.began, ({ by, kind }) => by === again.by && kind !== 'store-away')
}

/** When it was last seen, before the call, that no result stood. */
function lookBefore({ looked }: Facts, { callId, by, began }: Ask): number {
  const key = workKeyOf(callId)
  return looked.findLast((one) => one.by === by && one.key === key && one.seq <= began)?.seq ?? began
}

/** Calls are numbered under agent and input: `triage/<input>/1`. */
function workKeyOf(callId: string): string {
  const [agent = '', input = ''] = callId.split('/')
  return `work/${agent}/default/${input}`
}
