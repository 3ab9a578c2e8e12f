import { join } from 'node:path'
import { createCoordinator, startConstellation } from '@concord/dev-env'
import { createMemoryStore } from '@concord/store'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { requestRecord } from '../requests/publish.ts'
import { parseRequest } from '../requests/request-file.ts'
import { root } from '../settings.ts'
import { createRebuilder, type RebuilderDeps } from './rebuild.ts'
import { renderRebuild } from './render.ts'

/** A constellation with four cases in its store, each in a conversation of its own. */
async function setUp() {
  const store = createMemoryStore()
  const constellation = await startConstellation({
    domainFolder: join(root, 'test', 'domains', 'clinic'),
    run: { ratePerSecond: 1_000, sweepMs: 20, drainBudgetMs: 200 },
    ports: { store },
  })
  onTestFinished(() => constellation.stop())
  const { broker, codec, clock, domain } = constellation
  const producer = await broker.producer({ clientId: 'test' })
  const asked = ['1', '2', '3', '4'].map((requestId) => parseRequest({ requestId, text: 'blorp zzt' }, 'acme', 'test'))
  await producer.send(await Promise.all(asked.map((request) => requestRecord(codec, request, clock.now()))))
  const deps: RebuilderDeps = { broker, store, codec, clock, process: createCoordinator({ domain }) }
  const cases = () =>
    Promise.all(asked.map(async ({ requestId }) => (await store.get(`case/coordinator/acme/${requestId}`))?.value))
  await eventually(async () => expect((await cases()).filter((value) => value?.includes('"status":"closed"'))).toHaveLength(4))
  return { constellation, store, deps, cases }
}

const sum = (rows: readonly { read: number; written: number; kept: number }[]) =>
  rows.reduce((so, { read, written, kept }) => [so[0]! + read, so[1]! + written, so[2]! + kept], [0, 0, 0])

test('a dry run says what is missing in the store, and changes nothing', async () => {
  const { store, deps, cases, constellation } = await setUp()
  const rebuild = createRebuilder(deps)
  expect(sum(await rebuild({ partition: null, dryRun: true }))).toEqual([4, 0, 4])
  await constellation.end('coordinator-0')
  store.wipe()
  expect(sum(await rebuild({ partition: null, dryRun: true }))).toEqual([4, 4, 0])
  expect(await cases()).toEqual([undefined, undefined, undefined, undefined])
}, 20_000)

test('the owner rebuilds what is asked for, and keeps what stands', async () => {
  const { deps, cases } = await setUp()
  const before = await cases()
  const rows = await createRebuilder(deps)({ partition: null, dryRun: false })
  expect(rows.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4, 5])
  expect(sum(rows)).toEqual([4, 0, 4])
  expect(await cases()).toEqual(before)
  const [one, ...more] = await createRebuilder(deps)({ partition: 2, dryRun: false })
  expect([one?.partition, more]).toEqual([2, []])
}, 20_000)

test('without an owner it says so, and what stands is not touched', async () => {
  const { constellation, deps, cases } = await setUp()
  await constellation.end('coordinator-0')
  const before = await cases()
  const rebuild = createRebuilder({ ...deps, patienceMs: 50 })
  await expect(rebuild({ partition: 1, dryRun: false })).rejects.toThrow(
    /nobody has rebuilt partition 1 yet. Is coordinator running/,
  )
  expect(await cases()).toEqual(before)
}, 20_000)

test('a partition that does not exist is named, and so is a topic', async () => {
  const { deps } = await setUp()
  await expect(createRebuilder(deps)({ partition: 6, dryRun: true })).rejects.toThrow(
    /no partition 6. They are numbered from 0 to 5/,
  )
  const { process } = deps
  const elsewhere = { ...process, journal: { ...process.journal, topic: { ...process.journal.topic, name: 'nothing' } } }
  await expect(createRebuilder({ ...deps, process: elsewhere })({ partition: null, dryRun: true })).rejects.toThrow(
    /nothing does not exist/,
  )
}, 20_000)

test('the table has a line for each partition and one for all', () => {
  const row = { read: 2, written: 1, kept: 1, omitted: 0, broken: 0 }
  const text = renderRebuild(
    [
      { partition: 0, ...row },
      { partition: 1, ...row },
    ],
    true,
  )
  expect(text.split('\n').map((line) => line.split(/\s+/).filter(Boolean))).toEqual([
    ['partition', 'cases', 'read', 'to', 'write', 'kept', 'omitted', 'broken'],
    expect.anything(),
    ['0', '2', '1', '1', '0', '0'],
    ['1', '2', '1', '1', '0', '0'],
    ['all', '4', '2', '2', '0', '0'],
  ])
})
