/** What is rebuilt, what is left out, and what becomes of what cannot be. */
import { caseEvents, requests, triaged, type CaseEvent } from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { caseStoreKey, stateSentinel } from '../keys.ts'
import { createBench, type Bench } from '../testing.ts'
import { awhile, final, history, horizonMs, note, said, start, stop, stored } from '../testing/loss-scene.ts'
import { toy, toyCaseMs } from '../testing/toy-process.ts'
import type { Process } from './define-process.ts'
import { rebuildPartition, type RebuildOptions } from './rebuild.ts'

const keyOf = (requestId: string): string => caseStoreKey('toy', `acme/${requestId}`)

function options(bench: Bench, process: Process = toy): RebuildOptions<unknown, unknown> {
  return { deps: bench.deps, process, partition: 0, horizonMs, under: { sentinel: 'by hand', value: 'a' } }
}

const byHand = (bench: Bench) => bench.store.setSentinel('by hand', 'a', { if: null })

/** Some time after `requestIds` were asked, and those in `ended` answered. */
async function after(requestIds: string[], ended: string[], ms: number): Promise<Bench> {
  const bench = await createBench({ manifest: toy, partitions: 1 })
  const run = await start(bench)
  for (const requestId of requestIds) await bench.send(requests, aRequest({ requestId }))
  for (const requestId of ended) await bench.send(triaged, final(requestId))
  await bench.pass(awhile)
  await stop(bench, run)
  await bench.pass(ms)
  bench.store.wipe()
  await byHand(bench)
  return bench
}

test('a rebuilding says what it has met, written and kept, and what it would write', async () => {
  const bench = await after(['a', 'b', 'c'], ['b'], 0)
  const { under: _, ...dry } = options(bench)
  const nothing = { kept: 0, omitted: 0, broken: 0, unreadable: 0, epoch: expect.any(Number) as number }
  expect(await rebuildPartition(dry)).toEqual({ ...nothing, read: 3, written: 3 })
  expect(await stored(bench, 'a')).toBeNull()
  expect(await rebuildPartition(options(bench))).toEqual({ ...nothing, read: 3, written: 3 })
  expect(await stored(bench, 'b')).toMatchObject({ version: 2, state: { status: 'closed' } })
  expect(await rebuildPartition(options(bench))).toEqual({ ...nothing, read: 3, written: 0, kept: 3 })
})

test('a case that has ended comes back for what is left of its time, an open one for good', async () => {
  const bench = await after(['open', 'closed'], ['closed'], horizonMs / 2)
  await rebuildPartition(options(bench))
  await bench.pass(horizonMs / 4)
  expect(await stored(bench, 'closed')).not.toBeNull()
  await bench.pass(horizonMs / 4)
  expect(await stored(bench, 'closed')).toBeNull()
  await bench.pass(10 * horizonMs)
  expect(await stored(bench, 'open')).not.toBeNull()
})

test('a case that ended longer ago than cases are kept does not come back', async () => {
  const bench = await after(['open', 'closed'], ['closed'], horizonMs)
  expect(await rebuildPartition(options(bench))).toMatchObject({ read: 2, written: 1, omitted: 1 })
  expect(await stored(bench, 'closed')).toBeNull()
})

test('a case to which something happened after its end comes back with that', async () => {
  const chatty: typeof toy = {
    ...toy,
    decide: (state, input, now) =>
      state.status === 'closed' && input.kind === 'message'
        ? [{ type: 'noted', note: state.notes + 1, envelope: state.envelope }]
        : toy.decide(state, input, now),
  }
  const bench = await createBench({ manifest: toy, partitions: 1 })
  const run = await start(bench, { process: chatty })
  // Lists of a hundred records: what comes late stands in another than the end.
  const ids = Array.from({ length: 120 }, (_, at) => `r-${at}`)
  for (const requestId of ids) await bench.send(triaged, final(requestId))
  await bench.send(triaged, note(1, 'r-0'))
  await bench.pass(awhile)
  const before = await stored(bench, 'r-0')
  expect(before).toMatchObject({ version: 3, state: { status: 'closed', notes: 1 } })
  await stop(bench, run)
  bench.store.wipe()
  await byHand(bench)
  expect(await rebuildPartition(options(bench, chatty))).toMatchObject({ read: 120, written: 120 })
  expect(await stored(bench, 'r-0')).toEqual(before)
})

test('records on the history that are none are left out, and counted', async () => {
  const bench = await after(['a'], [], 0)
  const entry = (await bench.on(caseEvents))[0]?.value as CaseEvent
  await bench.sendRecord({ topic: caseEvents.name, key: 'acme:a', value: Buffer.from('rubbish'), headers: {} })
  await bench.sendRecord({ topic: caseEvents.name, key: null, value: null, headers: {} })
  for (const turn of ['{', '{}', null]) await bench.send(caseEvents, { ...entry, turn })
  expect(await rebuildPartition(options(bench))).toMatchObject({ read: 1, written: 1, unreadable: 4 })
})

test('the history of another process on the same topic is its own affair', async () => {
  const bench = await after(['a'], [], 0)
  expect(await rebuildPartition(options(bench, { ...toy, name: 'other' }))).toMatchObject({ read: 0, unreadable: 0 })
})

test('a rebuilding whose sentinel is gone writes nothing', async () => {
  const bench = await after(['a'], [], 0)
  await bench.store.setSentinel('by hand', 'b', { if: 'a' })
  await expect(rebuildPartition(options(bench))).rejects.toMatchObject({ code: 'state_lost' })
  expect(await stored(bench, 'a')).toBeNull()
})

test('a case with a hole in its history takes no message for a new one: that is a dead letter, and others go on', async () => {
  const bench = await after(['a', 'b'], [], 0)
  const entries = (await bench.on(caseEvents)).map(({ value }) => value as CaseEvent)
  const turn = JSON.parse(entries.find(({ envelope }) => envelope.requestId === 'a')!.turn!) as Record<string, unknown>
  const hole = { ...entries[0]!, caseVersion: 7, turn: JSON.stringify({ ...turn, first: 7 }) }
  await bench.send(caseEvents, hole)
  await start(bench, { clientId: 'toy-1' })
  await bench.pass(awhile)
  for (const requestId of ['a', 'b']) await bench.send(triaged, final(requestId))
  await bench.pass(awhile)
  expect(await said(bench)).toEqual(['answered'])
  const [letter, ...more] = await bench.on('concord.triage.v1.toy.dlq')
  expect(more).toEqual([])
  expect(String(letter?.record.headers['x-error-message'])).toMatch(/acme\/a cannot be read, .* a hole after version 1/)
})

test('a stored case that nobody can read is rebuilt when it is met', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.send(requests, aRequest())
  await bench.send(triaged, note(1))
  await bench.pass()
  await bench.store.put(keyOf('req-1'), '{"spoilt":true}', { ifVersion: 'any' })
  await bench.send(triaged, final())
  expect(await said(bench)).toEqual(['escalated', 'answered'])
  expect(await history(bench)).toEqual(['1 opened', '2 noted', '3 closed'])
})

test('a stored case that nobody can read and that has no history is a dead letter', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  await bench.store.put(keyOf('req-1'), '{"spoilt":true}', { ifVersion: 'any' })
  await bench.send(triaged, final())
  expect(await said(bench)).toEqual([])
  expect(await bench.on('concord.triage.v1.toy.dlq')).toHaveLength(1)
})

test('a new version of the process folds the open cases anew, and goes on with them', async () => {
  const bench = await createBench({ manifest: toy })
  const old = await start(bench)
  await bench.send(requests, aRequest())
  await bench.send(triaged, note(1))
  await bench.pass()
  await stop(bench, old)
  const events: string[] = []
  const newer: typeof toy = {
    ...toy,
    stateVersion: 2,
    evolve(state, event) {
      events.push(event.type)
      return toy.evolve(state, event)
    },
  }
  await start(bench, { clientId: 'toy-1', process: newer })
  await bench.pass(awhile)
  expect(events).toEqual(['opened', 'noted'])
  expect(await stored(bench)).toMatchObject({ stateVersion: 2, version: 2 })
  await bench.send(triaged, final())
  expect(await said(bench)).toEqual(['escalated', 'answered'])
  expect((await bench.store.sentinel(stateSentinel('toy', 0)))!).toContain('"stateVersion":2')
})

test('an old and a new version side by side answer every case once', async () => {
  const bench = await createBench({ manifest: toy })
  await start(bench)
  for (let at = 0; at < 6; at++) await bench.send(requests, aRequest({ requestId: `r-${at}` }))
  await bench.pass(awhile)
  await start(bench, { clientId: 'toy-1', process: { ...toy, stateVersion: 2 } })
  await bench.pass(5_000)
  for (let at = 0; at < 6; at++) await bench.send(triaged, final(`r-${at}`))
  await bench.pass(5_000)
  expect(await said(bench)).toEqual(Array(6).fill('answered'))
  await bench.pass(toyCaseMs)
  expect(await bench.on('concord.triage.v1.toy.dlq')).toEqual([])
})
