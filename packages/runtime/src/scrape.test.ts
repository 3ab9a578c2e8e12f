import { Fault } from '@concord/contracts'
import { createMemoryBroker, type DeliveryStats, type PartitionStats } from '@concord/messaging'
import { createMetrics, silentLogger } from '@concord/telemetry'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { settlementRecord } from './letters/settlement.ts'
import { deadLetter } from './dead-letter.ts'
import { createScraper } from './scrape.ts'
import { aRecord, aWork, pieces } from './testing/pieces.ts'

const topic = 'concord.triage.v1'
const dlq = `${topic}.agent.dlq`

const quiet: DeliveryStats = {
  inFlight: 0,
  queued: 0,
  waiting: 0,
  pausedPartitions: 0,
  rebalances: 0,
  rebalanceWaitMs: 0,
  commits: 0,
  commitFailures: 0,
  refused: 0,
  headOfLine: 0,
  perPartition: [],
}

const partitionStats = (overrides: Partial<PartitionStats> = {}): PartitionStats => ({
  topic,
  partition: 0,
  committed: null,
  watermark: null,
  high: null,
  highestSeen: -1,
  highestDone: -1,
  incomplete: 0,
  oldestIncompleteAt: null,
  oldestRecordAt: null,
  paused: false,
  ...overrides,
})

async function scene() {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const { shell } = await pieces()
  const admin = await broker.admin()
  await admin.createTopics([
    { topic, partitions: 2 },
    { topic: dlq, partitions: 1 },
  ])
  const producer = await broker.producer({ clientId: 'test' })
  const state = { stats: quiet }
  const metrics = createMetrics('agent')
  const scrape = createScraper({
    group: 'agent',
    limit: 32,
    deps: { broker, clock, metrics },
    delivery: { stats: () => state.stats },
    log: silentLogger,
  })
  return {
    clock,
    broker,
    state,
    scrape,
    send: (partition: number) => producer.send([{ topic, partition, key: null, value: null, headers: {} }]),
    giveUp: () => producer.send([deadLetter(aWork({ record: aRecord() }), new Fault('model_refused', 'no.'), shell)]),
    settle: (offset: number) =>
      producer.send([settlementRecord({ topic: dlq, partition: 0, offset }, { action: 'replayed', by: 'ada', reason: '' })]),
    async figure(name: string, labels = '') {
      const lines = (await scrape()).split('\n').filter((line) => line.startsWith(`concord_${name}{${labels}`))
      return lines.map((line) => Number(line.split(' ').at(-1)))
    },
  }
}

test('the pressure is what the delivery says at that time', async () => {
  const { state, figure } = await scene()
  state.stats = {
    ...quiet,
    inFlight: 4,
    queued: 7,
    waiting: 2,
    pausedPartitions: 1,
    rebalances: 3,
    rebalanceWaitMs: 1_500,
    commits: 9,
    commitFailures: 1,
    refused: 5,
    headOfLine: 6,
  }
  const shown = {
    messages_in_flight: 4,
    messages_in_flight_limit: 32,
    messages_queued: 7,
    messages_waiting: 2,
    partitions_paused: 1,
    rebalances_total: 3,
    rebalance_wait_seconds_total: 1.5,
    commits_total: 9,
    commit_failures_total: 1,
    publishes_refused_total: 5,
    head_of_line_cancels_total: 6,
  }
  for (const [name, value] of Object.entries(shown)) expect([name, await figure(name)]).toEqual([name, [value]])
})

test('the lag is measured in records and in seconds, up to what is under way', async () => {
  const { clock, state, send, figure } = await scene()
  const begun = clock.now()
  for (let n = 0; n < 5; n++) await send(0)
  await clock.advance(4_000)
  state.stats = {
    ...quiet,
    perPartition: [
      partitionStats({
        committed: 1,
        watermark: 2,
        highestSeen: 4,
        highestDone: 3,
        incomplete: 2,
        oldestIncompleteAt: begun + 1_000,
        oldestRecordAt: begun,
      }),
    ],
  }
  const labels = `topic="${topic}",partition="0"`
  expect(await figure('lag_messages', labels)).toEqual([4])
  expect(await figure('lag_seconds', labels)).toEqual([4])
  expect(await figure('oldest_incomplete_seconds', labels)).toEqual([3])
  expect(await figure('watermark_gap', labels)).toEqual([2])
})

test('a record that nobody has fetched has an age too', async () => {
  const { clock, state, send, figure } = await scene()
  await send(0)
  await clock.advance(10_000)
  await send(0)
  await clock.advance(2_000)
  state.stats = { ...quiet, perPartition: [partitionStats({ committed: 1, watermark: 1, highestDone: 0 })] }
  expect(await figure('lag_seconds')).toEqual([2])
  expect(await figure('oldest_incomplete_seconds')).toEqual([0])
})

test('a partition that is read to its end shows 0', async () => {
  const { state, send, figure } = await scene()
  await send(0)
  state.stats = { ...quiet, perPartition: [partitionStats({ committed: 1, watermark: 1, highestDone: 0, highestSeen: 0 })] }
  expect([await figure('lag_messages'), await figure('lag_seconds'), await figure('watermark_gap')]).toEqual([[0], [0], [0]])
})

test('a partition that has gone to another replica is shown no more', async () => {
  const { state, figure } = await scene()
  state.stats = { ...quiet, perPartition: [partitionStats(), partitionStats({ partition: 1 })] }
  expect(await figure('lag_messages')).toHaveLength(2)
  state.stats = { ...quiet, perPartition: [partitionStats({ partition: 1 })] }
  expect(await figure('lag_messages', `topic="${topic}",partition="1"`)).toEqual([0])
  expect(await figure('lag_messages')).toHaveLength(1)
})

test('open dead letters are shown by the replica that holds the first partition of their topic', async () => {
  const { clock, state, giveUp, settle, figure } = await scene()
  await giveUp()
  await clock.advance(60_000)
  await giveUp()
  state.stats = { ...quiet, perPartition: [partitionStats()] }
  expect([await figure('dead_letters_open'), await figure('dead_letter_oldest_seconds')]).toEqual([[2], [60]])
  await settle(0)
  expect([await figure('dead_letters_open'), await figure('dead_letter_oldest_seconds')]).toEqual([[1], [0]])
  state.stats = { ...quiet, perPartition: [partitionStats({ partition: 1 })] }
  expect(await figure('dead_letters_open')).toEqual([])
})

test('a page comes also while the broker is away', async () => {
  const { broker, state, figure } = await scene()
  broker.setAvailable(false)
  state.stats = { ...quiet, inFlight: 4, perPartition: [partitionStats()] }
  expect(await figure('messages_in_flight')).toEqual([4])
})
