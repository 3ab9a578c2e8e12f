/** Invariant 10: an approved action is carried out once, also where the executor dies or fails between any two of its effects. */
import { parseRequest } from '@concord/cli'
import { startBackEnd } from '@concord/dev-env'
import type { MemoryBroker } from '@concord/messaging'
import { planned, type Plan, type Planned } from '@concord/runtime/testing'
import { expect, onTestFinished, test } from 'vitest'
import { shopFolder, startWorld, tenantId } from './world.ts'

/** Sends the sample whose order is cancelled, while the first executor ends as planned. @returns the order as the back end has it then. */
async function cancelUnder(plan: Plan | null): Promise<{ order: unknown; effects: number }> {
  const backEnd = await startBackEnd(shopFolder)
  onTestFinished(() => backEnd.close())
  let world: Planned | undefined
  const { constellation, ask, kill } = await startWorld({
    backEndUrl: backEnd.url,
    adapt(deps, { clientId }) {
      if (clientId !== 'executor-0') return deps
      world = planned(deps, deps.broker as MemoryBroker, clientId, plan)
      return world.deps
    },
  })
  const sample = constellation.domain.samples.find(({ id }) => id === 'cancel-pending')
  if (sample === undefined) throw new Error('the shop has this sample')
  const asking = ask(parseRequest({ requestId: sample.id, ...sample.request }, tenantId, 'the test'))
  if (plan?.how === 'crash') {
    while (!world?.crashed()) await new Promise((resume) => setTimeout(resume, 5))
    kill('executor-0')
    await constellation.start('executor', 'executor-1')
  }
  expect(await asking).toMatchObject({ outcome: 'answered', reason: 'agreed', actions: [expect.stringContaining('cancel')] })
  const number = /W\d+/.exec(String(sample.request.text))?.[0] ?? ''
  const order: unknown = await (await fetch(`${backEnd.url}/orders/${number}`)).json()
  expect(order).toMatchObject({ status: 'cancelled' })
  return { order: settled(order), effects: world?.effects() ?? 0 }
}

/** Without times, which differ from run to run. */
const settled = (order: unknown): unknown =>
  JSON.parse(JSON.stringify(order, (name, value: unknown) => (/at$|date|time/i.test(name) ? undefined : value)))

for (const how of ['crash', 'fail'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a ${how} ${when} any one effect of the executor carries the action out once`, async () => {
      const { order, effects } = await cancelUnder(null)
      expect(effects).toBeGreaterThan(3)
      for (let at = 1; at <= effects; at++) {
        expect((await cancelUnder({ at, when, how })).order, `${how} ${when} effect ${at}`).toEqual(order)
      }
    }, 60_000)
  }
}
