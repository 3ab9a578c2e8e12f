import { caseEvents, replies, requests, traceIdOf, triaged, type CaseEvent, type Reply } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { expect, onTestFinished, test } from 'vitest'
import type { Running } from '../deps.ts'
import { caseStoreKey, dueIndex } from '../keys.ts'
import { createBench, type Bench } from '../testing.ts'
import type { Process } from './define-process.ts'
import { runProcess } from './run-process.ts'
import { toy, toyCaseMs } from '../testing/toy-process.ts'

const horizonMs = 3 * toyCaseMs

async function start(bench: Bench, clientId = 'toy-0', process: Process = toy): Promise<Running> {
  const run = runProcess(process, bench.deps, { clientId, horizonMs })
  onTestFinished(() => stop(bench, run))
  await bench.pass()
  await run.started
  return run
}

async function stop(bench: Bench, run: Running): Promise<void> {
  const stopping = run.stop()
  await bench.pass(20_000)
  await stopping
}

const outcomes = async (bench: Bench): Promise<string[]> => (await bench.on(replies)).map(({ value }) => (value as Reply).outcome)

test('a message has its effect on its case, the history first', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.send(triaged, aTriage({ category: 'final' }))
  expect(await outcomes(bench)).toEqual(['answered'])
  const history = (await bench.on(caseEvents)).map(({ value }) => value as CaseEvent)
  expect(history.map(({ event, caseVersion }) => [event, caseVersion])).toEqual([
    ['opened', 1],
    ['closed', 2],
  ])
})

test('a repeated message changes nothing, and a repeated request is told to the core', async () => {
  const told: string[] = []
  const bench = await createBench({ manifest: toy })
  const watching: typeof toy = {
    ...toy,
    decide(state, input, now) {
      told.push(input.kind === 'message' ? input.noun : 'due')
      return toy.decide(state, input, now)
    },
  }
  await start(bench, 'toy-0', watching)
  for (const _ of [1, 2]) await bench.send(requests, aRequest())
  await bench.pass()
  for (const _ of [1, 2]) await bench.send(triaged, aTriage({ category: 'note' }))
  expect(await outcomes(bench)).toEqual(['escalated'])
  expect(told).toEqual(['requests', 'requests', 'triage'])
  expect(await bench.figure('messages_skipped_total', { reason: 'duplicate' })).toBe(1)
})

test('a deadline fires once it has come, and the case has no other', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.pass(toyCaseMs - 1_000)
  expect(await outcomes(bench)).toEqual([])
  await bench.pass(2_000)
  expect(await outcomes(bench)).toEqual(['expired'])
  expect(await bench.figure('due_fired_total')).toBe(1)
  for (const partition of [0, 1, 2]) expect(await bench.deps.store.range(dueIndex('toy', partition), { limit: 10 })).toEqual([])
})

test('a process that was away reads what is in the log before it lets a deadline fire', async () => {
  const bench = await createBench({ manifest: toy })
  const first = await start(bench, 'toy-0')
  await bench.send(requests, aRequest())
  await bench.pass()
  await stop(bench, first)
  await bench.send(triaged, aTriage({ category: 'final' }))
  await bench.pass(10 * toyCaseMs)
  await start(bench, 'toy-1')
  await bench.pass(5_000)
  expect(await outcomes(bench)).toEqual(['answered'])
})

test('every output has the trace id of the first message of its case, deadlines included', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await bench.send(requests, aRequest(), { traceparent })
  await bench.send(triaged, aTriage({ category: 'note' }))
  await bench.pass(toyCaseMs + 1_000)
  const sent = [...(await bench.on(replies)), ...(await bench.on(caseEvents))]
  expect(sent).toHaveLength(5)
  const traces = sent.map(({ record }) => traceIdOf({ traceparent: String(record.headers['traceparent']) }))
  expect(new Set(traces)).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']))
})

test('when the core throws, the case takes the way it has for that, and others go on', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.send(triaged, aTriage({ category: 'explode' }))
  await bench.send(requests, aRequest({ requestId: 'req-2' }))
  await bench.send(triaged, aTriage({ category: 'final', envelope: { requestId: 'req-2' } }))
  expect((await outcomes(bench)).sort()).toEqual(['answered', 'expired'])
  expect(await bench.on('concord.triage.v1.toy.dlq')).toEqual([])
})

test('when the core throws and has no way for that, the message is a dead letter', async () => {
  const bench = await createBench({ manifest: toy })
  const { onDecideError: _, ...without } = toy
  await start(bench, 'toy-0', without)
  await bench.send(triaged, aTriage({ category: 'explode' }))
  const [letter] = await bench.on('concord.triage.v1.toy.dlq')
  expect(String(letter?.record.headers['x-error-class'])).toBe('internal')
})

test('what cannot be read is a dead letter, and the process is asked what to say', async () => {
  const bench = await createBench({ manifest: toy })
  const asked: unknown[] = []
  const process: typeof toy = {
    ...toy,
    unreadable(about, state) {
      asked.push([about.noun, about.key, about.headers, state])
      return []
    },
  }
  await start(bench, 'toy-0', process)
  await bench.send(requests, aRequest())
  await bench.pass()
  const headers = { ce_subject: 'req-1', ce_source: '/agents/triage' }
  await bench.sendRecord({ topic: triaged.name, key: 'acme:req-1', value: Buffer.from([1, 2, 3]), headers })
  expect(await bench.on('concord.triage.v1.toy.dlq')).toHaveLength(1)
  expect(asked).toEqual([['triage', 'acme:req-1', headers, expect.objectContaining({ status: 'open' })]])
})

test('a closed case is kept for the horizon, and no longer', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.send(triaged, aTriage({ category: 'final' }))
  await bench.pass()
  expect(await bench.deps.store.get(caseStoreKey('toy', 'acme/req-1'))).not.toBeNull()
  await bench.pass(horizonMs + 1)
  expect(await bench.deps.store.get(caseStoreKey('toy', 'acme/req-1'))).toBeNull()
})
