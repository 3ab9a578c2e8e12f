/** Invariant 4: work happens once in effect; a finished call of a model is not repeated while the store lives. */
import type { Ask } from '../evidence.ts'
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
 * Three causes are allowed. The store has lost what was remembered. Whoever had the answer died, lost the work to another, or could not reach the store before the answer was
 * remembered. Or whoever asked again had looked before that, and was held up in between.
 */
function isExcused({ disturbances, remembered }: Facts, first: Finished, again: Ask): boolean {
  const key = workKeyOf(first.callId)
  const rememberedAt = remembered.find((one) => one.key === key && one.seq > first.ended)?.seq ?? Infinity
  const hitTheFirst = disturbances.some(
    ({ by, seq }) => by === first.by && seq >= first.began && seq <= Math.min(rememberedAt, again.began),
  )
  const heldUpTheOther = disturbances.some(
    ({ by, seq, kind }) => by === again.by && seq >= first.began && seq <= again.began && kind !== 'store-away',
  )
  const lost = disturbances.some(({ seq, kind }) => kind === 'store-lost' && seq >= first.began && seq <= again.began)
  return hitTheFirst || heldUpTheOther || lost
}

/** Calls are numbered under agent and input: `triage/<input>/1`. */
function workKeyOf(callId: string): string {
  const [agent = '', input = ''] = callId.split('/')
  return `work/${agent}/default/${input}`
}
