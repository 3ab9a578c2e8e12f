import { anEnvelope } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { aNext, aWork, pieces } from '../testing/pieces.ts'
import { messageOf, type Work } from '../work.ts'
import { deadline } from './deadline.ts'

function withDeadlines(agents: number, cases: number): Work {
  const work = aWork({ deadline: agents })
  return { ...work, message: { ...messageOf(work), envelope: anEnvelope({ deadline: cases }) } }
}

test("the signal aborts at the agent's deadline or the case's, whichever is earlier", async () => {
  for (const [caseMs, agentMs, expected] of [
    [60_000, 30_000, 30_000],
    [10_000, 30_000, 10_000],
  ] as const) {
    const { shell, bench } = await pieces()
    const start = bench.clock.now()
    const work = withDeadlines(start + agentMs, start + caseMs)
    let abortedAt = 0
    const run = deadline(shell)(work, async () => {
      const { signal } = work
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      abortedAt = bench.clock.now() - start
      expect(signal.reason).toMatchObject({ code: 'deadline_exceeded' })
      return { kind: 'done' }
    })
    await bench.clock.advance(100_000)
    await run
    expect(abortedAt).toBe(expected)
    expect(work.deadline).toBe(start + expected)
  }
})

test('the signal aborts with the one from outside, and that one is back afterwards', async () => {
  const { shell } = await pieces()
  const outside = new AbortController()
  const work = aWork({ signal: outside.signal })
  await deadline(shell)(work, async () => {
    outside.abort(new Error('revoked'))
    expect(work.signal.reason).toEqual(new Error('revoked'))
    return { kind: 'done' }
  })
  expect(work.signal).toBe(outside.signal)
})

test('a case whose time is over is late', async () => {
  const { shell, bench } = await pieces()
  const { next, calls } = aNext()
  await deadline(shell)(withDeadlines(bench.clock.now() + 1_000, bench.clock.now()), next)
  expect(calls()).toBe(0)
  expect(await bench.figure('messages_skipped_total', { reason: 'late' })).toBe(1)
})

test("work whose agent's time is over does not begin, though its case has time left", async () => {
  const { shell, bench } = await pieces()
  const now = bench.clock.now()
  const work = withDeadlines(now - 1, now + 60_000)
  await deadline(shell)(work, async () => {
    expect(work.signal.reason).toMatchObject({ code: 'deadline_exceeded' })
    return { kind: 'done' }
  })
})
