/** One run: the whole constellation through everything that its seed holds, until all is answered; then it is judged. */
import process from 'node:process'
import { createMemoryBroker } from '@concord/messaging'
import { openBackend } from '@concord/shop/backend/in-process'
import { createMemoryStore } from '@concord/store'
import { createVirtualClock, type VirtualClock } from '@concord/testing'
import { createChance } from './chance.ts'
import type { Violation } from './check/judge.ts'
import { emptyEvidence } from './evidence.ts'
import { gather, isQuiet } from './gather.ts'
import type { Fixtures } from './fixtures.ts'
import { createHistory } from './history.ts'
import { mostRewoundMs, startMishaps } from './mishaps.ts'
import { planOf, type Plan } from './plan.ts'
import { startProducer } from './producer.ts'
import { createReplicas, type Replicas } from './replicas.ts'
import { startReviewer } from './reviewer.ts'
import { createStage, type FaultKind, type Stage } from './stage.ts'

export interface Run {
  seed: number
  violations: Violation[]
  requests: number
  /** Milliseconds of virtual time. */
  lastedMs: number
  faults: ReadonlyMap<FaultKind, number>
  /** Equal for equal histories. */
  digest: string
  history(): string[]
}

/** A run that is not over after so long is stuck. */
const patienceMs = 20 * 60_000
const lookEveryMs = 1_000
const stopWithinMs = 60_000

export async function runSeed(fixtures: Fixtures, seed: number, plan: Plan = planOf(seed)): Promise<Run> {
  const unhandled: string[] = []
  const onUnhandled = (error: unknown): void => void unhandled.push(`nobody handles ${String(error)}`)
  process.on('unhandledRejection', onUnhandled)
  try {
    return await simulate(fixtures, seed, plan, unhandled)
  } finally {
    process.off('unhandledRejection', onUnhandled)
  }
}

/** @param unhandled rejections that nobody handles, as they come. */
async function simulate(fixtures: Fixtures, seed: number, plan: Plan, unhandled: readonly string[]): Promise<Run> {
  const clock = createVirtualClock()
  const start = clock.now()
  const stage = stageFor(fixtures, plan, clock)
  await createTopics(stage)
  const replicas = createReplicas(stage, openBackend({ now: clock.now }))
  const published = startProducer(stage)
  startReviewer(stage)
  startMishaps(stage, replicas)

  const quiet = (): Promise<boolean> => isQuiet(stage, published, replicas)
  await pass(stage, patienceMs, quiet)
  stage.close()
  await pass(stage, patienceMs, quiet) // somebody may have said something meanwhile
  await stopAll(stage, replicas)
  const lastedMs = clock.now() - start
  stage.end()
  const gathered = await gather(stage, published)
  gathered.accidents.push(...unhandled)
  return {
    seed,
    violations: fixtures.judge({ ...gathered, settings: plan.settings }),
    requests: published.requests.length,
    lastedMs,
    faults: stage.faults,
    digest: stage.history.digest(),
    history: stage.history.lines,
  }
}

function stageFor(fixtures: Fixtures, plan: Plan, clock: VirtualClock): Stage {
  const { sessionTimeoutMs, deliveryMs } = plan.settings
  const chance = createChance(plan.seed).fork('run')
  const delivery = chance.fork('delivery')
  const broker = createMemoryBroker({
    clock,
    sessionTimeoutMs,
    // A record comes late, but none overtakes another of its partition: a reader takes what stands in the log, in its order.
    schedule(run) {
      const late = delivery.happens(0.1) && deliveryMs > 100
      if (late) stage.count('late-delivery')
      clock.after(late ? delivery.whole(100, deliveryMs) : delivery.whole(0, Math.min(deliveryMs, 20)), run)
    },
  })
  const stage = createStage({
    plan,
    fixtures,
    clock,
    chance,
    broker,
    history: createHistory(clock),
    evidence: emptyEvidence(),
    store: createMemoryStore({ clock, rewindableMs: mostRewoundMs }),
  })
  return stage
}

async function createTopics({ broker, fixtures, plan }: Stage): Promise<void> {
  const admin = await broker.admin()
  await admin.createTopics(fixtures.topics(plan.settings.partitions))
}

/** Lets time pass until it is quiet, or for so long. */
async function pass({ clock }: Stage, mostMs: number, quiet: () => Promise<boolean>): Promise<boolean> {
  const until = clock.now() + mostMs
  let over = false
  const look = async (): Promise<void> => {
    over = await quiet()
    if (!over) clock.after(lookEveryMs, () => void look())
  }
  clock.after(0, () => void look())
  while (!over && clock.now() < until && (await clock.step()));
  return over
}

/** A service that is told to end does so. */
async function stopAll(stage: Stage, replicas: Replicas): Promise<void> {
  const ending = new Set(replicas.all())
  for (const replica of ending) void replicas.stop(replica).then(() => ending.delete(replica))
  await pass(stage, stopWithinMs, async () => [...ending].every(({ life }) => life.isDead()))
  for (const replica of ending) if (replica.life.isDead()) ending.delete(replica)
  for (const { life } of ending)
    stage.evidence.accidents.push(`${life.clientId} has not stopped within ${stopWithinMs / 1_000} s.`)
}
