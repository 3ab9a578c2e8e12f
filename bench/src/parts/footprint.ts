/** Part e: what a service needs while there is nothing to do, and while it works off a backlog. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Fault, requests, triaged } from '@concord/contracts'
import { freePort, startProcess, type RunningProcess } from '@concord/dev-env/real'
import type { ServiceName } from '@concord/dev-env'
import { serviceNodeOptions } from '@concord/dev-env/up'
import { createKafkaBroker, type Admin } from '@concord/messaging'
import type { BenchConfig } from '../config.ts'
import { percentile } from '../figures.ts'
import { customerRequests } from '../load/requests.ts'
import { usageOf } from '../load/usage.ts'
import { startServiceHost } from '../load/worker.ts'
import type { World } from '../load/world.ts'
import { domainFolder } from '../workload.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** An agent, and the process that also looks after deadlines. */
const idlers: readonly ServiceName[] = ['triage', 'coordinator']
const settleMs = 10_000
const idleMs = 20_000
const backlogSize = 100_000
const sampleMs = 250

export interface Idle {
  service: ServiceName
  /** Megabytes (10⁶ bytes) of resident memory. */
  rss: number
  /** Share of one core, 0 to 1. */
  cpu: number
}

export interface Backlog {
  messages: number
  perSecond: number
  /** Megabytes, at most. */
  peak: number
  /** Median megabytes in the second and in the last quarter of the work. */
  early: number
  late: number
}

/** Two services as they are started in production, at rest. They have been started before, so their code is in Node's compile cache. */
export async function measureIdle({ parts }: World, { scale }: BenchConfig, log: (line: string) => void): Promise<Idle[]> {
  const dir = await mkdtemp(join(tmpdir(), 'concord-idle-'))
  const model = await startEmptyModel()
  const services: RunningProcess[] = []
  try {
    const env = { ...parts, OPENAI_BASE_URL: model.url, NODE_COMPILE_CACHE: join(dir, 'compile-cache') }
    for (const service of idlers) await (await startService(service, dir, env)).stop()
    for (const service of idlers) services.push(await startService(service, dir, env))
    await sleep(settleMs * Math.min(1, scale))
    const before = services.map(({ pid }) => usageOf(pid))
    const from = performance.now()
    await sleep(idleMs * Math.min(1, scale))
    const ms = performance.now() - from
    return services.map(({ pid }, at) => {
      const { rss, cpuMs } = usageOf(pid)
      const idle = { service: idlers[at] ?? 'triage', rss, cpu: (cpuMs - (before[at]?.cpuMs ?? 0)) / ms }
      log(`idle: ${idle.service} ${Math.round(rss)} MB, ${(idle.cpu * 100).toFixed(2)} % of a core`)
      return idle
    })
  } finally {
    await Promise.all(services.map((service) => service.stop()))
    model.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function startService(service: ServiceName, dir: string, env: Record<string, string>): Promise<RunningProcess> {
  const port = String(await freePort())
  return startProcess({
    name: service,
    dir,
    command: process.execPath,
    args: [...serviceNodeOptions, `services/${service}/src/main.ts`],
    cwd: root,
    env: { ...env, CONCORD_DOMAIN: domainFolder, HEALTH_PORT: port, LOG_LEVEL: 'warn' },
    ready: async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok === true,
  })
}

/** Answers whatever it is asked, so that services are ready; nobody asks it for words. */
async function startEmptyModel(): Promise<{ url: string; close(): void }> {
  const server = createServer((_, response) => void response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close: () => void server.close() }
}

/** Requests that have gathered while triage was away, worked off by one replica with the zero-latency model. */
export async function measureBacklog(world: World, { scale }: BenchConfig, log: (line: string) => void): Promise<Backlog> {
  const admin = await createKafkaBroker({ brokers: world.brokers, clientId: 'bench-backlog' }).admin()
  try {
    await skipAhead(admin)
    const count = Math.round(backlogSize * scale)
    await publish(world, count)
    return await workOff(world, admin, count, log)
  } finally {
    await admin.close()
  }
}

/** Nothing of the parts before is in the way. */
async function skipAhead(admin: Admin): Promise<void> {
  const ends = await admin.topicOffsets(requests.name)
  const offsets = ends.map(({ partition, high }) => ({ partition, offset: high }))
  await admin.place('triage', requests.name, offsets)
}

async function publish({ driver, codec }: World, count: number): Promise<void> {
  for (let first = 0; first < count; first += 5_000)
    await driver.publish(requests.name, await customerRequests(codec, Math.min(5_000, count - first)))
}

async function workOff({ parts }: World, admin: Admin, count: number, log: (line: string) => void): Promise<Backlog> {
  const answered = async (): Promise<number> => (await admin.topicOffsets(triaged.name)).reduce((sum, { high }) => sum + high, 0)
  const before = await answered()
  const worker = await startServiceHost({ parts, service: 'triage' })
  const samples: { done: number; rss: number }[] = []
  const from = performance.now()
  let moved = from
  try {
    for (let done = 0; done < count;) {
      await sleep(sampleMs)
      const now = (await answered()) - before
      if (now > done) moved = performance.now()
      if (performance.now() - moved > 60_000) throw new Fault('internal', `triage stands still at ${done} of ${count}.`)
      done = now
      samples.push({ done, rss: usageOf(worker.pid).rss })
    }
  } finally {
    await worker.stop()
  }
  const quarter = (number: number) =>
    samples.filter(({ done }) => done > ((number - 1) * count) / 4 && done <= (number * count) / 4).map(({ rss }) => rss)
  const backlog = {
    messages: count,
    perSecond: (count * 1_000) / (performance.now() - from),
    peak: Math.max(...samples.map(({ rss }) => rss)),
    early: percentile(quarter(2), 0.5),
    late: percentile(quarter(4), 0.5),
  }
  log(`backlog: ${JSON.stringify(backlog)}`)
  return backlog
}
