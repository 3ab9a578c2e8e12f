/** Whatever a model does, the case ends once. */
import type { FaultRule } from '@concord/simulator'
import { expect, test } from 'vitest'
import { startWorld } from './world.ts'

const faults: [string, FaultRule][] = [
  ['429 with retry-after', { kind: 'status', code: 429, retryAfter: 1 }],
  ['500', { kind: 'status', code: 500 }],
  ['401', { kind: 'status', code: 401 }],
  ['a broken connection', { kind: 'reset' }],
  ['text that is no JSON', { kind: 'malformed' }],
  ['JSON within prose', { kind: 'prose' }],
  ['a truncated answer', { kind: 'truncated' }],
  ['a refusal', { kind: 'refusal' }],
  ['values of the wrong type', { kind: 'wrong_type' }],
  ['no choices', { kind: 'empty' }],
  ['no answer at all', { kind: 'hang' }],
  ['a slow answer', { kind: 'slow', ms: 200 }],
]

/** What each leads to when the model does it once, and when it does nothing else. */
const passing = new Set(['a slow answer', 'JSON within prose'])
const final = new Set(['401', 'a refusal'])

/** Named in the request's text, so that only its own prompts meet the fault. */
const marker = (index: number, often: string): string => `case number ${1_000 + index} ${often}`

for (const often of ['once', 'always'] as const) {
  test(`every fault of the model, ${often}, ends in one outcome`, async () => {
    const world = await startWorld({ modelTimeoutMs: 1_500 })
    world.simulator.setFaults(
      faults.map(([, rule], index) => ({ ...rule, match: marker(index, often), times: often === 'once' ? 1 : 'always' })),
    )
    const ended = await Promise.all(
      faults.map(async ([name], index) => {
        const text = `How many days do I have to return shoes? (${marker(index, often)})`
        const deadline = Date.now() + (often === 'once' ? 30_000 : 3_000)
        const request = world.request({ text, deadline })
        return { name, request, result: await world.ask(request) }
      }),
    )
    for (const { name, request, result } of ended) {
      const answered = often === 'once' ? !final.has(name) : passing.has(name)
      const ends = answered ? ['answered agreed'] : ['escalated agent_failed', 'expired deadline_exceeded']
      expect(ends, name).toContain(`${result.outcome} ${result.reason}`)
      expect(world.outcomes.outcomeIds(request).size, name).toBe(result.outcome === 'escalated' ? 0 : 1)
      expect(world.of(request.requestId, 'replies'), name).toHaveLength(1)
    }
  }, 15_000)
}
