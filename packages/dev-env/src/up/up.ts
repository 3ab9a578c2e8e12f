/** `concord up`: Kafka, registry, Redis and every service as processes that outlive this one. What runs already is left as it is. */
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { repositoryRoot } from '../real/cache.ts'
import { listRecorded, stopRecorded } from '../real/recorded.ts'
import { startHelpers } from './helpers.ts'
import { alone } from './lock.ts'
import { brokersOf, isRunning, startParts, variableOf } from './parts.ts'
import { applySchemas, applyTopics, defaultPartitions, readersOf, wantedTopics } from './prepare.ts'
import { choosePorts, planReplicas, startReplica, type Scale } from './replicas.ts'
import { folderOf, partNames, readRun, writeRun, type Part, type PartName, type Replica, type RunRecord } from './run-folder.ts'

export interface UpOptions {
  /** The run folder. */
  dir: string
  env: NodeJS.ProcessEnv
  domainFolder: string
  scale?: Scale
  /** Starts only this replica, or the replicas of this service, if they have died. */
  only?: string
  partitions?: number
  /** Of Kafka, where it is started here: three go on when any one is gone. What was started before keeps its number; one unless told. */
  brokers?: 1 | 3
  /** What is being done, line by line. */
  tell(line: string): void
}

export interface UpResult {
  record: RunRecord
  /** Names of what this call has started. */
  started: string[]
}

const kinds = ['services', 'helpers', 'parts'] as const

/** Names of the processes that were started from this folder and still run. */
export async function runningIn(dir: string): Promise<Map<string, number>> {
  const lists = await Promise.all(kinds.map((kind) => listRecorded(folderOf(dir, kind))))
  return new Map(lists.flat().map(({ name, pid }) => [name, pid]))
}

export function up(options: UpOptions): Promise<UpResult> {
  return alone(options.dir, options.tell, () => bringUp(options))
}

async function bringUp(options: UpOptions): Promise<UpResult> {
  const { dir, only } = options
  const before = await readRun(dir)
  const alive = await runningIn(dir)
  if (before !== null && alive.size > 0) checkSame(before, options)
  const plan = planReplicas(before?.replicas ?? [], options.scale ?? {}, dir)
  if (only !== undefined) checkKnown(only, plan.keep)

  const running = new Set(alive.keys())
  const record = await standing(options, before, running)
  await writeRun(dir, { ...record, replicas: before?.replicas ?? [] })
  await prepare(options, record)

  const dropped = new Set(plan.drop.map(({ name }) => name))
  await stopRecorded(folderOf(dir, 'services'), (name) => dropped.has(name))
  const replicas = await choosePorts(plan.keep)
  const result = await startMissing(options, record, replicas, alive)
  await writeRun(dir, { ...record, replicas: result.replicas })
  const [problem] = result.problems
  if (problem !== undefined) throw problem
  const fresh = record.parts.filter((part) => part.by === 'native' && !isRunning(part.name, part, running))
  return { record: { ...record, replicas: result.replicas }, started: [...fresh.map(({ name }) => name), ...result.started] }
}

/** All that the services stand on, started where it was missing. */
async function standing(options: UpOptions, before: RunRecord | null, running: ReadonlySet<string>): Promise<RunRecord> {
  const shared = { ...options, brokers: options.brokers ?? 1, before: before?.parts ?? [], running }
  const parts = [...(await startParts(shared)), ...(await startHelpers(shared))]
  const address = (name: PartName) => parts.find((part) => part.name === name)?.address ?? ''
  const env = {
    [variableOf.kafka]: address('kafka'),
    [variableOf.registry]: address('registry'),
    [variableOf.redis]: address('redis'),
    OPENAI_BASE_URL: address('model'),
    ...(options.env['CONCORD_MODEL'] && { CONCORD_MODEL: options.env['CONCORD_MODEL'] }),
    CONCORD_BACKEND_URL: address('backend'),
    CONCORD_DOMAIN: options.domainFolder,
  }
  return { startedAt: before?.startedAt ?? new Date().toISOString(), parts: inOrder(parts), env, replicas: [] }
}

const inOrder = (parts: Part[]): Part[] => parts.toSorted((a, b) => partNames.indexOf(a.name) - partNames.indexOf(b.name))

async function prepare({ tell, domainFolder, partitions }: UpOptions, { env }: RunRecord): Promise<void> {
  const brokers = (env[variableOf.kafka] ?? '').split(',')
  const specs = wantedTopics(await readersOf(domainFolder), brokers, partitions ?? defaultPartitions)
  const created = await applyTopics(brokers, specs).catch((error: unknown) => {
    throw awayFault(error, `KAFKA_BROKERS is ${brokers.join(',')}`)
  })
  if (created.length > 0) tell(`created ${created.length} topics`)
  const schemas = await applySchemas(env[variableOf.registry] ?? '')
  const fresh = schemas.filter(({ outcome }) => outcome === 'registered').length
  if (fresh > 0) tell(`registered ${fresh} schemas`)
}

function awayFault(error: unknown, setting: string): Fault {
  const fault = Fault.from(error)
  if (fault.code !== 'broker_unavailable') return fault
  return new Fault(fault.code, `nobody answers there: ${setting}.`, { mend: 'Start it, or unset the variable.', cause: fault })
}

interface Started {
  replicas: Replica[]
  started: string[]
  problems: Fault[]
}

async function startMissing(
  options: UpOptions,
  record: RunRecord,
  replicas: readonly Replica[],
  alive: ReadonlyMap<string, number>,
): Promise<Started> {
  const { dir, only, tell } = options
  const missing = replicas.filter((replica) => !alive.has(replica.name) && isMeant(replica, only))
  if (missing.length > 0) tell(`starting ${missing.map(({ name }) => name).join(', ')}`)
  const env = { ...options.env, NODE_COMPILE_CACHE: compileCache(options.env), ...record.env }
  const settled = await Promise.allSettled(missing.map((replica) => startReplica(replica, env, dir)))
  const fresh = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const now = (replica: Replica): Replica =>
    fresh.find(({ name }) => name === replica.name) ?? { ...replica, pid: alive.get(replica.name) ?? null }
  return {
    replicas: replicas.map(now),
    started: fresh.map(({ name }) => name),
    problems: settled.flatMap((result) => (result.status === 'rejected' ? [Fault.from(result.reason)] : [])),
  }
}

const isMeant = ({ name, service }: Replica, only: string | undefined): boolean =>
  only === undefined || only === name || only === service

const compileCache = (env: NodeJS.ProcessEnv): string =>
  env['NODE_COMPILE_CACHE'] || join(repositoryRoot, 'node_modules', '.cache', 'node')

function checkKnown(only: string, replicas: readonly Replica[]): void {
  if (replicas.some((replica) => isMeant(replica, only))) return
  throw new Fault('invalid_input', `--only ${only} is no service and no replica here.`, {
    mend: `Take one of ${replicas.map(({ name }) => name).join(', ')}.`,
  })
}

/** What runs cannot be moved: its messages lie on the old broker, its cases know the old domain. */
function checkSame(before: RunRecord, { env, domainFolder, brokers }: UpOptions): void {
  const kafka = before.parts.find(({ name, by }) => name === 'kafka' && by !== 'given')
  if (brokers !== undefined && kafka !== undefined && brokersOf(kafka) !== brokers) throw isUpWith('number of brokers')
  const wanted = {
    ...pick(env, [...Object.values(variableOf), 'OPENAI_BASE_URL', 'CONCORD_BACKEND_URL']),
    CONCORD_DOMAIN: domainFolder,
  }
  const other = Object.entries(wanted).find(([name, value]) => before.env[name] !== value)
  if (other === undefined) return
  throw isUpWith(other[0])
}

const isUpWith = (what: string): Fault =>
  new Fault('invalid_input', `it is up already, with another ${what}.`, { mend: 'Run ./concord down first.' })

const pick = (env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
