/** Every service a process of its own, on real parts: each is killed in turn and started again, and every request ends once. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRequest, requestRecord, tail, watchOutcomes, type LogEntry } from '@concord/cli'
import { createCodec, createConfluentRegistry, loadSchemas, type Request } from '@concord/contracts'
import { serviceNames, type ServiceName } from '@concord/dev-env'
import { startKafka } from '@concord/dev-env/real'
import { down, readRun, up, type UpOptions } from '@concord/dev-env/up'
import { createKafkaBroker } from '@concord/messaging'
import { expect, onTestFinished, test } from 'vitest'
import { shopFolder, tenantId } from './world.ts'

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? ''
const texts = [
  'How many days do I have to return shoes?',
  'Do you ship to Finland?',
  'How can I unsubscribe from the newsletter?',
]
const quiet = (): void => undefined

/** Brings everything up in a folder of its own, on a broker of its own: topic names are fixed. */
async function bringUp(): Promise<{ options: UpOptions; brokers: string[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'concord-processes-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }), 30_000)
  const kafka = await startKafka({ dir })
  onTestFinished(() => kafka.stop('SIGKILL'), 30_000)
  const env = {
    ...process.env,
    KAFKA_BROKERS: kafka.address,
    REDIS_URL: `${process.env['REDIS_URL'] ?? ''}/7`,
    LOG_LEVEL: 'warn',
  }
  const options: UpOptions = { dir: join(dir, 'run'), env, domainFolder: shopFolder, tell: quiet }
  onTestFinished(() => down({ dir: options.dir, tell: quiet }).then(quiet), 30_000)
  await up(options)
  return { options, brokers: kafka.address.split(',') }
}

async function follow(brokers: string[]) {
  const codec = createCodec({ registry: createConfluentRegistry({ url: registryUrl }), schemas: loadSchemas() })
  const broker = createKafkaBroker({ brokers, clientId: 'processes-test' })
  const outcomes = watchOutcomes('notice')
  const entries: LogEntry[] = []
  const reading = await tail({
    broker,
    codec,
    onEntry(entry) {
      entries.push(entry)
      if (entry.noun === 'replies') outcomes.see(entry)
    },
  })
  onTestFinished(() => reading.stop())
  const producer = await broker.producer({ clientId: 'processes-test' })
  onTestFinished(() => producer.close())
  const send = async (requests: readonly Request[]): Promise<void> =>
    producer.send(await Promise.all(requests.map((request) => requestRecord(codec, request, Date.now()))))
  return { outcomes, entries, send }
}

async function killAndStart(options: UpOptions, name: ServiceName): Promise<void> {
  const { record } = await up({ ...options, only: name })
  const pid = record.replicas.find((replica) => replica.service === name)?.pid
  if (pid === null || pid === undefined) throw new Error(`${name} does not run`)
  process.kill(pid, 'SIGKILL')
  while (isAlive(pid)) await new Promise((resume) => setTimeout(resume, 20))
  const { started } = await up({ ...options, only: name })
  expect(started).toEqual([`${name}-0`])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** How often the model was asked each prompt. */
async function modelCalls(options: UpOptions): Promise<Map<string, number>> {
  const address = (await readRun(options.dir))?.parts.find(({ name }) => name === 'model')?.address ?? ''
  const calls = (await (await fetch(new URL('/_simulator/calls', address))).json()) as { promptHash: string }[]
  expect(calls.length).toBeGreaterThan(3 * 42 - 1)
  return new Map([...Map.groupBy(calls, ({ promptHash }) => promptHash)].map(([hash, same]) => [hash, same.length]))
}

/** Requests that are sent before each kill. */
const atOnce = 7

test('each service is killed in turn and started again, and 42 requests have one outcome each', async () => {
  const { options, brokers } = await bringUp()
  const { outcomes, entries, send } = await follow(brokers)
  const asked = Array.from({ length: 42 }, (_, at) =>
    parseRequest({ requestId: randomUUID(), text: `${texts[at % texts.length]} (${at})` }, tenantId, 'the test'),
  )
  for (const [turn, name] of serviceNames.entries()) {
    await send(asked.slice(turn * atOnce, (turn + 1) * atOnce))
    await killAndStart(options, name)
  }
  const results = await Promise.all(asked.map((request) => outcomes.waitFor(request)))
  expect(results.filter(({ outcome }) => outcome !== 'answered')).toEqual([])
  expect(asked.filter((request) => outcomes.outcomeIds(request).size !== 1)).toEqual([])
  const traces = asked.map(
    ({ requestId }) => new Set(entries.filter((entry) => entry.requestId === requestId).map(({ traceId }) => traceId)),
  )
  expect(traces.filter(({ size }) => size !== 1)).toEqual([])

  // Calls that were in flight when their agent died are made again; what had been answered is remembered.
  const repeats = [...(await modelCalls(options)).values()].filter((count) => count > 1)
  expect(repeats.filter((count) => count > 2)).toEqual([])
  expect(repeats.length).toBeLessThanOrEqual(2 * atOnce)
}, 120_000)
