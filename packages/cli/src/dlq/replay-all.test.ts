import type { Clock } from '@concord/contracts'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Client } from '../client/client.ts'
import { letterAt } from '../testing/letters.ts'
import type { ReplayWish } from './desk.ts'
import { replayAll } from './replay-all.ts'

function scene(refused: readonly string[] = []) {
  const clock = createVirtualClock()
  const sent: { id: string; at: number }[] = []
  const begun = clock.now()
  const client = {
    standings: async () => [],
    async replay({ id }: ReplayWish) {
      if (refused.includes(id)) return { id, outcome: 'refused', why: 'it was replayed before.' }
      sent.push({ id, at: clock.now() - begun })
      return { id, outcome: 'sent', replays: 1 }
    },
  } as unknown as Client
  return { clock, client, sent }
}

const letters = ['a', 'b', 'c', 'd'].map((id) => letterAt({ id }))
const options = (clock: Clock, client: Client) => ({
  client,
  clock,
  letters,
  by: 'ada',
  force: false,
  perSecond: 2,
  dryRun: false,
  onPlan: () => undefined,
})

test('letters are sent in order, no faster than told, and the refused cost no time', async () => {
  const { clock, client, sent } = scene(['b'])
  const done = replayAll(options(clock, client))
  await clock.advance(5_000)
  expect((await done).map(({ outcome }) => outcome)).toEqual(['sent', 'refused', 'sent', 'sent'])
  expect(sent).toEqual([
    { id: 'a', at: 0 },
    { id: 'c', at: 500 },
    { id: 'd', at: 1_000 },
  ])
})

test('a dry run sends nothing and tells the plan', async () => {
  const { clock, client, sent } = scene()
  const plans: number[] = []
  const dry = {
    ...options(clock, client),
    dryRun: true,
    onPlan: (planned: readonly unknown[]) => void plans.push(planned.length),
  }
  expect(await replayAll(dry)).toEqual([])
  expect([plans, sent]).toEqual([[4], []])
})
