/** Rounds of faults: load, fault, rest, judgement. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createCodec, createConfluentRegistry, loadSchemas, type Codec } from '@concord/contracts'
import { loadDomain, type Domain } from '@concord/domain'
import { createKafkaBroker } from '@concord/messaging'
import { serviceNames } from '@concord/dev-env'
import type { Scale } from '@concord/dev-env/up'
import type { Fault, Scene } from './catalogue/fault.ts'
import { check, type Evidence, type Verdict } from './check/check.ts'
import { countOutcomes } from './check/outcomes.ts'
import { isA, type Sighting } from './check/sighting.ts'
import { drainMs, startConstellation } from './scene/constellation.ts'
import { createSender, startLoad, type Sender } from './scene/load.ts'
import { startParts } from './scene/parts.ts'
import { createRequestMaker } from './scene/requests.ts'
import { createReviewer, type Reviewer } from './scene/reviewer.ts'
import { watchCommits, type CommitWatch } from './watch/commits.ts'
import { watchGroups, type GroupWatch } from './watch/groups.ts'
import { watchModelCalls, type CallWatch } from './watch/model-calls.ts'
import { createTopicReader, type TopicReader } from './watch/read-topics.ts'

export interface RunOptions {
  /** For logs and data. */
  dir: string
  domainFolder: string
  perSecond: number
  /** Two of each service unless told. */
  scale?: Scale
  tell(line: string): void
}

const twoOfEach: Scale = Object.fromEntries(serviceNames.map((name) => [name, 2]))

/** How long the model takes for an answer, so that there is always something in flight. Milliseconds. */
const modelMs = 150

export interface Round {
  name: string
  verdict: Verdict
}

export interface Run {
  /** One fault under load. Resolves when every request has its outcome, or has waited for it in vain. */
  round(fault: Fault): Promise<Round>
  /** Everything since the start, judged together: what came late to an earlier round shows here. */
  all(): Promise<Round>
  stop(): Promise<void>
}

/** Load before the fault, and after it is mended. Milliseconds. */
const before = 3_000
const after = 3_000
/** An outcome that is not there so long after the last request is missing. */
const patienceMs = 90_000

interface World {
  scene: Scene
  reader: TopicReader
  calls: CallWatch
  commits: CommitWatch
  groups: GroupWatch
  sender: Sender
  codec: Codec
  reviewer: Reviewer
  domain: Domain
  options: RunOptions
  /** Everything that was acknowledged in any round. */
  asked: string[]
  startedAt: number
}

export async function startRun(options: RunOptions): Promise<Run> {
  const opened: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close()
  }
  try {
    const world = await openWorld(options, (close) => opened.push(close))
    return { round: (fault) => playRound(world, fault), all: () => judgeAll(world), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param closing is told how to end each thing that is opened, in the order of opening */
async function openWorld(options: RunOptions, closing: (close: () => Promise<unknown>) => void): Promise<World> {
  const { dir, domainFolder, tell } = options
  tell('starting three brokers, the registry and Redis')
  const parts = await startParts(`${dir}/real`)
  closing(() => parts.stop())
  const env = { ...process.env, ...parts.env, LATENCY_MS: String(modelMs) }
  const scale = options.scale ?? twoOfEach
  const services = await startConstellation({ dir, env, domainFolder, scale, tell, onOpen: closing })
  const brokers = parts.env.KAFKA_BROKERS.split(',')
  const registryUrl = parts.env.SCHEMA_REGISTRY_URL
  const codec = createCodec({ registry: createConfluentRegistry({ url: registryUrl }), schemas: loadSchemas() })
  const sender = createSender(createKafkaBroker({ brokers, clientId: 'faults' }), 'faults')
  closing(() => sender.close())
  const domain = await loadDomain(domainFolder)
  const calls = watchModelCalls(services.record.env['OPENAI_BASE_URL'] ?? '')
  closing(() => calls.stop())
  const groups = services.readers.map(({ name }) => name)
  const commits = watchCommits(brokers, groups)
  closing(() => commits.stop())
  const watched = watchGroups(brokers, groups, drainMs)
  closing(() => watched.stop())
  const reader = createTopicReader({ brokers, registryUrl, isWanted: (topic) => topic.startsWith('concord.') })
  const reviewer = createReviewer(sender, codec, domain.version)
  const scene = { parts, services }
  return {
    scene,
    reader,
    calls,
    commits,
    groups: watched,
    sender,
    codec,
    reviewer,
    domain,
    options,
    asked: [],
    startedAt: Date.now(),
  }
}

async function playRound(world: World, fault: Fault): Promise<Round> {
  const { scene, options, domain, sender, codec } = world
  options.tell(`${fault.name}: ${fault.what}`)
  const since = Date.now()
  const label = `${fault.name}-${since.toString(36)}`
  const load = startLoad({ sender, codec, requests: createRequestMaker(domain.samples, label), perSecond: options.perSecond })
  await sleep(before)
  await fault.strike(scene)
  const mendedAt = Date.now()
  await sleep(after)
  await load.end()
  world.asked.push(...load.acknowledged)
  await untilAllEnded(world, load.acknowledged)
  const isOurs = ({ requestId, body, at }: Sighting): boolean =>
    requestId.startsWith(`${label}-`) || (body.kind === 'undecodable' && at >= since)
  return { name: fault.name, verdict: await judge(world, { asked: load.acknowledged, isOurs, since, mendedAt }) }
}

async function judgeAll(world: World): Promise<Round> {
  await untilAllEnded(world, world.asked)
  const everything = { asked: world.asked, isOurs: () => true, since: world.startedAt, mendedAt: Date.now() }
  return { name: 'all', verdict: await judge(world, everything) }
}

interface Scope extends Pick<Evidence, 'asked' | 'since' | 'mendedAt'> {
  isOurs(sighting: Sighting): boolean
}

async function judge({ calls, reader, scene, commits, groups }: World, { isOurs, ...scope }: Scope): Promise<Verdict> {
  await calls.look()
  return check({
    ...scope,
    sightings: reader.sightings.filter(isOurs),
    askings: calls.askings,
    happenings: [...scene.services.happenings, ...groups.happenings],
    committed: commits.samples,
  })
}

/** Reads, and lets the reviewer decide, until every request has its outcome or time is over. */
async function untilAllEnded({ reader, reviewer }: World, asked: readonly string[]): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end;) {
    const read = await reader.readOn().then(
      () => true,
      () => false,
    )
    if (read && countOutcomes(reader.sightings, asked).missing.length === 0) return
    await reviewer.review(reader.sightings.filter(isA('escalation')))
    await sleep(500)
  }
}
