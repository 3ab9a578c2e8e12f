import { caseEvents, partitionKey, replies, requests, triaged, type CaseEvent } from '@concord/contracts'
import { anEnvelope, aRequest } from '@concord/contracts/testing'
import { partitionOf } from '@concord/messaging'
import { expect, test } from 'vitest'
import type { Deps } from '../deps.ts'
import { caseStoreKey, stateSentinel } from '../keys.ts'
import { createBench } from '../testing.ts'
import { awhile, final, history, note, portOf, said, start, stop, stored } from '../testing/loss-scene.ts'
import { toy, toyCaseMs } from '../testing/toy-process.ts'

test('an idle service notices that its store was wiped, and every case is back as it was', async () => {
  const bench = await createBench({ manifest: toy })
  const run = await start(bench)
  for (const id of ['req-1', 'req-2', 'req-3', 'req-4']) await bench.send(requests, aRequest({ requestId: id }))
  await bench.send(triaged, note(1))
  await bench.send(triaged, final('req-2'))
  await bench.pass(awhile)
  const before = await Promise.all(['req-1', 'req-2', 'req-3', 'req-4'].map((id) => stored(bench, id)))
  const spoken = await said(bench)
  bench.store.wipe()
  expect(await stored(bench)).toBeNull()
  await bench.pass(awhile)
  expect(await Promise.all(['req-1', 'req-2', 'req-3', 'req-4'].map((id) => stored(bench, id)))).toEqual(before)
  expect(run.missing()).toEqual([])
  expect(await said(bench)).toEqual(spoken)
})

test('a case goes on where it was, with the next message and with its deadline', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.send(triaged, note(1))
  await bench.pass()
  bench.store.wipe()
  await bench.send(triaged, note(1))
  await bench.send(triaged, note(2))
  await bench.pass(awhile)
  expect(await stored(bench)).toMatchObject({ version: 3, state: { status: 'open', notes: 2 } })
  bench.store.wipe()
  await bench.pass(toyCaseMs)
  expect(await said(bench)).toEqual(['escalated', 'escalated', 'expired'])
  expect(await history(bench)).toEqual(['1 opened', '2 noted', '3 noted', '4 closed'])
})

test('while cases are rebuilt nothing is consumed, and readiness names the partitions', async () => {
  const bench = await createBench({ manifest: toy, partitions: 1 })
  const gate = Promise.withResolvers<void>()
  const read: Deps['broker']['read'] = async function* (...args) {
    await gate.promise
    yield* bench.broker.read(...args)
  }
  let late = false
  const broker = { ...portOf(bench), read: (...args: Parameters<typeof read>) => (late ? read : portOf(bench).read)(...args) }
  const run = await start(bench, { deps: { ...bench.deps, broker } })
  await bench.send(requests, aRequest())
  await bench.pass()
  late = true
  bench.store.wipe()
  await bench.send(triaged, final())
  await bench.pass(awhile)
  expect(run.missing()).toEqual(['state: rebuilding cases of partition 0'])
  expect(run.health()).toEqual({ ok: true })
  expect(await said(bench)).toEqual([])
  gate.resolve()
  await bench.pass(awhile)
  expect(run.missing()).toEqual([])
  expect(await said(bench)).toEqual(['answered'])
})

test('a store that was set back gets what it has forgotten, and keeps what it has', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest({ requestId: 'req-2' }))
  await bench.pass(5_000)
  await bench.send(requests, aRequest())
  await bench.send(triaged, note(1, 'req-2'))
  await bench.pass(500)
  const before = [await stored(bench), await stored(bench, 'req-2')]
  bench.store.rewind(1_000)
  expect([await stored(bench), (await stored(bench, 'req-2'))?.version]).toEqual([null, 1])
  await bench.send(triaged, final('req-2'))
  await bench.pass(awhile)
  expect(await stored(bench)).toEqual(before[0])
  expect(await said(bench)).toEqual(['escalated', 'answered'])
  expect((await history(bench)).sort()).toEqual(['1 opened', '1 opened', '2 noted', '3 closed'])
})

test('a store that only started again is read through and left as it is', async () => {
  const bench = await createBench({ manifest: toy, partitions: 1 })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.pass(awhile)
  const before = await bench.store.get(caseStoreKey('toy', 'acme/req-1'))
  bench.store.restart()
  await bench.pass(awhile)
  expect(await bench.store.get(caseStoreKey('toy', 'acme/req-1'))).toEqual(before)
  expect(JSON.parse((await bench.store.sentinel(stateSentinel('toy', 0)))!)).toMatchObject({
    state: 'whole',
    cases: { read: 1, written: 0, kept: 1, omitted: 0, broken: 0 },
  })
})

test('what was read before a rebuilding cannot be written after it', async () => {
  const bench = await createBench({ manifest: toy, partitions: 1 })
  await start(bench)
  const value = await bench.store.sentinel(stateSentinel('toy', 0))
  bench.store.wipe()
  await bench.send(requests, aRequest())
  await bench.pass(300)
  await bench.pass()
  const under = { sentinel: stateSentinel('toy', 0), value: value! }
  await expect(bench.store.put('any', 'late', { ifVersion: 'any', under })).rejects.toMatchObject({ code: 'state_lost' })
  expect(await bench.store.sentinel(stateSentinel('toy', 0))).toContain('"whole"')
})

test('a replica that takes over a whole partition reads no history', async () => {
  const bench = await createBench({ manifest: toy })
  const first = await start(bench)
  await bench.send(requests, aRequest())
  await bench.pass()
  await stop(bench, first)
  const read: Deps['broker']['read'] = () => {
    throw new Error('nobody asked for that')
  }
  const second = await start(bench, { clientId: 'toy-1', deps: { ...bench.deps, broker: { ...portOf(bench), read } } })
  await bench.send(triaged, final())
  expect(await said(bench)).toEqual(['answered'])
  expect(second.missing()).toEqual([])
})

test('a message to a case that a lost store does not show is not taken for one to no case', async () => {
  const bench = await createBench({ manifest: toy })
  const strict: typeof toy = {
    ...toy,
    decide: (state, input, now) =>
      state.status === 'none' && input.kind === 'message' && input.noun === 'triage' ? [] : toy.decide(state, input, now),
  }
  await start(bench, { process: strict })
  await bench.send(requests, aRequest())
  await bench.pass()
  bench.store.wipe()
  await bench.send(triaged, final())
  await bench.pass(awhile)
  expect(await said(bench)).toEqual(['answered'])
})

test('what was told to nobody yet is told after the loss, byte for byte what the history says', async () => {
  const bench = await createBench({ manifest: toy })
  // The store is lost between the history of the last message and what it has to say.
  const producer = async (options: { clientId: string }) => {
    const own = await bench.broker.producer(options)
    const send: typeof own.send = async (records) => {
      await own.send(records)
      if (records.some(({ topic }) => topic === caseEvents.name) && (await history(bench)).includes('2 closed'))
        bench.store.wipe()
    }
    return { send, close: () => own.close() }
  }
  await start(bench, { deps: { ...bench.deps, broker: { ...portOf(bench), producer } } })
  await bench.send(requests, aRequest())
  await bench.send(triaged, final())
  await bench.pass(2 * awhile)
  expect(await history(bench)).toEqual(['1 opened', '2 closed'])
  const [reply, ...more] = await bench.on(replies)
  expect(more).toEqual([])
  const entry = (await bench.on(caseEvents)).at(-1)?.value as CaseEvent
  const { outbox } = JSON.parse(entry.turn!) as { outbox: { value: { base64: string } }[] }
  expect(reply?.record.value?.toString('base64')).toBe(outbox[0]?.value.base64)
  expect(await stored(bench)).toMatchObject({ version: 2, seen: [expect.anything(), expect.anything()] })
})

test('a case lives where its first message stood, and is rebuilt there, whatever its key says', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  const request = aRequest()
  const key = partitionKey(anEnvelope())
  const elsewhere = (partitionOf(key, 3) + 1) % 3
  const value = await bench.deps.codec.encode(requests, request)
  await bench.sendRecord({ topic: requests.name, partition: elsewhere, key, value, headers: {} })
  await bench.send(triaged, note(1))
  await bench.pass()
  expect((await bench.on(caseEvents)).map(({ record }) => record.partition)).toEqual([elsewhere, elsewhere])
  const before = await stored(bench)
  expect(before?.partition).toBe(elsewhere)
  bench.store.wipe()
  await bench.send(triaged, note(2))
  await bench.pass(awhile)
  expect(await stored(bench)).toMatchObject({ partition: elsewhere, version: 3, state: { notes: 2 } })
  await bench.pass(toyCaseMs)
  expect((await said(bench)).at(-1)).toBe('expired')
})

test('nobody goes on before every partition is whole again: a case may live in any of them', async () => {
  const bench = await createBench({ manifest: toy, partitions: 2 })
  const gate = Promise.withResolvers<void>()
  let late = false
  const read: Deps['broker']['read'] = async function* (at, ...rest) {
    if (late && at.partition === 1) await gate.promise
    yield* bench.broker.read(at, ...rest)
  }
  const deps = { ...bench.deps, broker: { ...portOf(bench), read } }
  const [one, other] = [await start(bench, { deps }), await start(bench, { clientId: 'toy-1', deps })]
  await bench.pass(20_000)
  const ids = Array.from({ length: 8 }, (_, at) => `req-${at}`)
  const inOne = ids.filter((id) => partitionOf(`acme:${id}`, 2) === 0)
  expect(inOne.length).toBeGreaterThan(0)
  late = true
  bench.store.wipe()
  for (const id of ids) await bench.send(requests, aRequest({ requestId: id }))
  await bench.pass(awhile)
  expect(await history(bench)).toEqual([])
  expect([one.missing(), other.missing()]).toEqual([
    ['state: rebuilding cases of partition 1'],
    ['state: rebuilding cases of partition 1'],
  ])
  gate.resolve()
  await bench.pass(awhile)
  expect(await history(bench)).toHaveLength(8)
})
