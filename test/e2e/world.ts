/** A constellation in memory for whole-system tests: sends requests, follows every topic, and ends with the test. */
import { join, resolve } from 'node:path'
import {
  parseRequest,
  requestRecord,
  tail,
  watchOutcomes,
  type LogEntry,
  type OutcomeWatch,
  type RequestResult,
} from '@concord/cli'
import { Fault, systemClock, type Request } from '@concord/contracts'
import { startConstellation, type Constellation, type ConstellationOptions } from '@concord/dev-env'
import { createMemoryBroker, type InRecord, type MemoryBroker, type OutRecord, type Producer } from '@concord/messaging'
import type { Simulator } from '@concord/simulator'
import { onTestFinished } from 'vitest'

export const root = resolve(import.meta.dirname, '../..')
export const shopFolder = join(root, 'domains', 'shop')
export const tenantId = 'default'

/** A crashed member is missed after so long. Milliseconds: short, so that tests are. */
const sessionTimeoutMs = 200

export interface World {
  constellation: Constellation
  broker: MemoryBroker
  simulator: Simulator
  outcomes: OutcomeWatch
  /** Every message that could be read, of every topic, in the order in which it was read. */
  entries: LogEntry[]
  /** A request from loose fields; ids are made up unless given. */
  request(fields: Record<string, unknown>): Request
  send(...requests: Request[]): Promise<void>
  sendRecords(...records: OutRecord[]): Promise<void>
  /** Sends, and resolves with the outcome, or with the notice that a person decides. */
  ask(request: Request): Promise<RequestResult>
  of(requestId: string, noun?: string): LogEntry[]
  /** Records of these topics as they stand in the log. */
  records(...topics: string[]): Promise<InRecord[]>
  /** Every record of every dead-letter topic. */
  deadLetters(): Promise<InRecord[]>
  /** Ends a replica as a power cut would. */
  kill(clientId: string): void
}

export type WorldOptions = Partial<Omit<ConstellationOptions, 'ports'>> & {
  ports?: Partial<NonNullable<ConstellationOptions['ports']>>
}

export async function startWorld({ ports, ...options }: WorldOptions = {}): Promise<World> {
  const broker = createMemoryBroker({ clock: systemClock, sessionTimeoutMs })
  const constellation = await startConstellation({
    domainFolder: shopFolder,
    run: { ratePerSecond: 1_000, sweepMs: 50, drainBudgetMs: 200 },
    ...options,
    ports: { broker, ...ports },
  })
  onTestFinished(() => constellation.stop())
  return follow(constellation, broker)
}

async function follow(constellation: Constellation, broker: MemoryBroker): Promise<World> {
  const { codec, clock, simulator } = constellation
  if (simulator === null) throw new Fault('internal', 'a world has the simulator for its model.')
  const entries: LogEntry[] = []
  const outcomes = watchOutcomes('notice')
  const reading = await tail({
    broker,
    codec,
    onEntry(entry) {
      entries.push(entry)
      if (entry.noun === 'replies') outcomes.see(entry)
    },
  })
  onTestFinished(() => reading.stop())
  const producer: Producer = await broker.producer({ clientId: 'test' })
  let made = 0

  const send = async (...requests: Request[]): Promise<void> =>
    producer.send(await Promise.all(requests.map((request) => requestRecord(codec, request, clock.now()))))

  return {
    constellation,
    broker,
    simulator,
    outcomes,
    entries,
    request: (fields) => parseRequest({ requestId: `r-${++made}`, ...fields }, tenantId, 'the test'),
    send,
    sendRecords: (...records) => producer.send(records),
    async ask(request) {
      await send(request)
      return outcomes.waitFor(request)
    },
    of: (requestId, noun) =>
      entries.filter((entry) => entry.requestId === requestId && (noun === undefined || entry.noun === noun)),
    records: (...topics) => readRecords(broker, topics),
    async deadLetters() {
      const admin = await broker.admin()
      return readRecords(
        broker,
        [...(await admin.listTopics()).keys()].filter((topic) => topic.endsWith('.dlq')),
      )
    },
    kill(clientId) {
      broker.crash(clientId)
      constellation.forget(clientId)
    },
  }
}

async function readRecords(broker: MemoryBroker, topics: string[]): Promise<InRecord[]> {
  const admin = await broker.admin()
  const ends = await Promise.all(topics.map((topic) => admin.topicOffsets(topic)))
  const expected = ends.flat().reduce((sum, { low, high }) => sum + high - low, 0)
  const group = `reader-${crypto.randomUUID()}`
  const consumer = broker.consumer({ group, topics, clientId: group, assignment: 'spread' })
  const records: InRecord[] = []
  await consumer.start({
    onAssigned: async () => undefined,
    onRevoked: async () => undefined,
    onLost: () => undefined,
    onRecords: (some) => void records.push(...some),
    onCrash: () => undefined,
  })
  while (records.length < expected) await new Promise((resume) => setImmediate(resume))
  await consumer.stop()
  return records
}
