import { modelCalls, requests, triaged, type Topic } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { createScriptedModel } from '@concord/model/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { perSecond } from '../limiter/index.ts'
import { publish } from '../outcome.ts'
import { createBench, type Bench } from '../testing.ts'
import { planned, type Plan } from '../testing/crashing.ts'
import { defineAgent, seconds } from './define-agent.ts'
import { runAgent } from './run-agent.ts'

const prompt = { name: 'triage', version: '1', hash: 'h', system: 'Classify.', user: '<text>{{text}}</text>' }
const ids = ['a', 'b', 'c']

/** An agent that never says the same twice, as models do. */
function moody() {
  let asked = 0
  const model = createScriptedModel({ triage: { answer: () => ({ mood: ++asked }) } })
  const agent = defineAgent({
    name: 'triage',
    version: '1',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 4,
    rate: perSecond(1_000),
    deadline: seconds(50),
    async handle({ text }, context) {
      const schema = z.object({ mood: z.number() })
      const { value } = await context.model.ask({ prompt, input: { text }, schema, schemaName: 'mood' })
      return publish(triaged, { ...aTriage({ reason: `mood ${value.mood}` }), envelope: context.envelope() })
    },
  })
  return { agent, model }
}

/** One replica that dies or fails as planned, and one after it. */
async function live(plan: Plan | null): Promise<{ bench: Bench; effects: number; asked: number }> {
  const { agent, model } = moody()
  const bench = await createBench({ manifest: agent, model })
  for (const requestId of ids) await bench.send(requests, aRequest({ requestId }))
  const world = planned(bench.deps, bench.broker, 'triage-0', plan)
  const first = runAgent(agent, world.deps, { clientId: 'triage-0' })
  await bench.pass(5_000)
  if (world.crashed()) {
    const second = runAgent(agent, bench.deps, { clientId: 'triage-1' })
    await bench.pass(15_000)
    await Promise.all([second.stop(), bench.pass(10_000)])
  } else {
    await Promise.all([first.stop(), bench.pass(10_000)])
  }
  return { bench, effects: world.effects(), asked: model.calls.length }
}

/** Contents by message id; one id has one content, byte for byte. */
async function contents(bench: Bench, topic: Topic): Promise<Map<string, string>> {
  const byId = new Map<string, string>()
  for (const { record } of await bench.on(topic)) {
    const id = String(record.headers['ce_id'])
    const bytes = record.value?.toString('hex') ?? ''
    expect(byId.get(id) ?? bytes).toBe(bytes)
    byId.set(id, bytes)
  }
  return byId
}

test('a run without faults asks the model once for each message', async () => {
  const { bench, effects, asked } = await live(null)
  expect(await bench.on(triaged)).toHaveLength(3)
  expect(await bench.on(modelCalls)).toHaveLength(3)
  expect(asked).toBe(3)
  expect(effects).toBe(9)
})

for (const how of ['crash', 'fail'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a ${how} ${when} any one effect loses no answer and contradicts none`, async () => {
      for (let at = 1; at <= 9; at++) {
        const { bench, asked } = await live({ at, when, how })
        expect((await contents(bench, triaged)).size, `${how} ${when} effect ${at}`).toBe(3)
        expect(asked, 'a finished call is repeated only where it was not remembered').toBeLessThanOrEqual(ids.length * 2)
        if (when === 'after') expect(asked).toBe(3)
      }
    })
  }
}
