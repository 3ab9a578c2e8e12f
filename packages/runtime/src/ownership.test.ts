import { modelCalls, requests, triaged } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { createScriptedModel } from '@concord/model/testing'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { defineAgent, seconds } from './agent/define-agent.ts'
import { runAgent } from './agent/run-agent.ts'
import { perSecond } from './limiter/index.ts'
import { publish } from './outcome.ts'
import { createBench } from './testing.ts'

const prompt = { name: 'triage', version: '1', hash: 'h', system: 'Classify.', user: '<text>{{text}}</text>' }

/** An agent whose model answers when it is told to, and never the same twice. */
async function slowAgent() {
  const answers: (() => void)[] = []
  let asked = 0
  const scripted = createScriptedModel({ triage: { answer: () => ({ mood: asked }) } })
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
  const bench = await createBench({
    manifest: agent,
    partitions: 1,
    model: {
      async ask(options) {
        asked++
        await new Promise<void>((resolve) => answers.push(resolve))
        return scripted.ask(options)
      },
    },
  })
  const replica = (clientId: string) => {
    const running = runAgent(agent, bench.deps, { clientId })
    onTestFinished(async () => void (await Promise.all([running.stop(), bench.pass(10_000)])))
    return running
  }
  const answer = async () => {
    answers.shift()?.()
    await bench.pass()
  }
  return { bench, replica, answer, asked: () => asked }
}

test('a model call that outlasts a rebalance is not made again where the partition stays', async () => {
  const { bench, replica, answer, asked } = await slowAgent()
  replica('one')
  await bench.send(requests, aRequest())
  await bench.pass()
  replica('two')
  await bench.pass(8_000)
  await answer()
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(asked()).toBe(1)
})

test('a replica frozen past its session publishes nothing of what another has taken over', async () => {
  const { bench, replica, answer, asked } = await slowAgent()
  replica('frozen')
  await bench.send(requests, aRequest())
  await bench.pass()
  replica('other')
  await bench.pass(6_000)
  bench.broker.freeze('frozen')
  await bench.pass(11_000)
  expect(asked()).toBe(2)
  await answer() // the frozen replica's, which does not know yet
  expect([await bench.on(triaged), await bench.on(modelCalls)]).toEqual([[], []])
  bench.broker.thaw('frozen')
  await bench.pass(1_000)
  await answer()
  const published = await bench.on(triaged)
  expect(published).toHaveLength(1)
  expect(published).toMatchObject([{ value: { reason: 'mood 2' } }])
})
