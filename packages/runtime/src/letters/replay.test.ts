/** A replay as the agents meet it: another try for what was given up, and a repetition of everything else. */
import { Fault, failures, requests, triaged, type Triage } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { expect, onTestFinished, test } from 'vitest'
import { defineAgent, seconds, type AgentContext } from '../agent/define-agent.ts'
import { runAgent } from '../agent/run-agent.ts'
import { perSecond } from '../limiter/index.ts'
import { giveUp, publish } from '../outcome.ts'
import { createBench, type Bench, type Sent } from '../testing.ts'
import { readLetter, replayOf } from './letter.ts'

const dlq = 'concord.requests.v1.triage.dlq'
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** An agent that gives up as often as told, and then answers. */
async function scene(givesUp: number) {
  let tries = 0
  const agent = defineAgent({
    name: 'triage',
    version: '1.2.3',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 4,
    rate: perSecond(1_000),
    deadline: seconds(30),
    async handle(_: unknown, context: AgentContext) {
      if (tries++ < givesUp) return giveUp(new Fault('model_refused', 'not today.'))
      return publish(triaged, { ...aTriage(), envelope: context.envelope() } satisfies Triage)
    },
  })
  const bench = await createBench({ manifest: agent })
  const run = runAgent(agent, bench.deps, { clientId: 'triage-0' })
  onTestFinished(async () => {
    const stopping = run.stop()
    await bench.pass(20_000)
    await stopping
  })
  await bench.pass()
  await bench.send(requests, aRequest(), { traceparent, tracestate: 'x=1' })
  return { bench, tries: () => tries }
}

async function replay(bench: Bench, { record }: Sent): Promise<void> {
  const letter = readLetter(record)
  if (letter === null) throw new Error('that is no letter')
  await bench.sendRecord(replayOf(letter, record))
  await bench.pass()
}

const letters = (bench: Bench): Promise<Sent[]> => bench.on(dlq)
const traceIdOf = ({ record }: Sent): string => String(record.headers['traceparent']).slice(3, 35)

test('what was given up is tried again when it is replayed, and answered in the same trace', async () => {
  const { bench } = await scene(1)
  const [letter] = await letters(bench)
  await replay(bench, letter!)
  const [answer, ...more] = await bench.on(triaged)
  expect(more).toEqual([])
  expect(traceIdOf(answer!)).toBe('0af7651916cd43dd8448eb211c80319c')
  expect(answer?.record.headers['tracestate']).toEqual(Buffer.from('x=1'))
  expect(await letters(bench)).toHaveLength(1)
})

test('a letter that is replayed twice is answered once', async () => {
  const { bench, tries } = await scene(1)
  const [letter] = await letters(bench)
  await replay(bench, letter!)
  await replay(bench, letter!)
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(tries()).toBe(2)
  expect(await bench.figure('messages_skipped_total', { reason: 'duplicate' })).toBe(1)
})

test('what is given up again is another letter, which counts its replays, and may be replayed in its turn', async () => {
  const { bench, tries } = await scene(2)
  await replay(bench, (await letters(bench))[0]!)
  const [first, second] = await letters(bench)
  expect([first, second].map((letter) => readLetter(letter!.record)?.replays)).toEqual([0, 1])
  await replay(bench, first!)
  expect(tries()).toBe(2)
  await replay(bench, second!)
  expect(tries()).toBe(3)
  expect(await bench.on(triaged)).toHaveLength(1)
})

test('the coordinator is told of each failure under one id', async () => {
  const { bench } = await scene(2)
  await replay(bench, (await letters(bench))[0]!)
  const told = await bench.on(failures)
  expect(new Set(told.map(({ record }) => String(record.headers['ce_id']))).size).toBe(1)
})

test('a repetition of what was given up, that is no replay, changes nothing', async () => {
  const { bench, tries } = await scene(1)
  await bench.on(dlq)
  await bench.send(requests, aRequest(), { traceparent })
  expect(await letters(bench)).toHaveLength(1)
  expect(tries()).toBe(1)
})

test('a replay of what has been answered publishes nothing', async () => {
  const { bench, tries } = await scene(0)
  const [answered] = await bench.on(requests)
  const { key, value, headers } = answered!.record
  await bench.sendRecord({ topic: requests.name, key, value, headers: { ...headers, 'x-replay-count': '1' } })
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(tries()).toBe(1)
})
