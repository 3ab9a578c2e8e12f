import { Fault, type Topic } from '@concord/contracts'
import {
  createDelivery,
  type Delivery,
  type DeliveryOptions,
  type HandleContext,
  type InRecord,
  type Settled,
} from '@concord/messaging'
import { backOff } from './back-off.ts'
import { createDependencies, pingsOf, type Dependencies } from './dependencies.ts'
import type { Deps, RunConfig, Running } from './deps.ts'
import { createSender } from './sender.ts'
import { fullConfig, type Manifest, type Shell } from './shell.ts'
import { createScraper } from './scrape.ts'
import type { Work } from './work.ts'

/** What differs between an agent and a process at work. */
export interface Handler {
  process(work: Work): Promise<Settled>
  onPartitions?: DeliveryOptions['onPartitions']
  health?(): { ok: boolean; reason?: string }
  /** Rebuilds the state that the handler keeps in the store. Called until it resolves, once a `state_lost` was reported. */
  recover?(): Promise<void>
  /** What `recover` is doing, for whoever waits. */
  recovering?(): string
}

export interface ShellOptions {
  manifest: Manifest
  /** Every topic that something may be published on. */
  publishes: readonly Topic[]
  concurrency: number
  assignment: DeliveryOptions['assignment']
  keyOf?: DeliveryOptions['keyOf']
  /** How long a retryable fault may keep a message, from when it was first seen. Milliseconds. */
  giveUpAfterMs: number
  usesModel: boolean
  handler(shell: Shell, delivery: Delivery): Handler
  onStop(): Promise<void>
  deps: Deps
  config: RunConfig
}

/** Beyond its deadline, a record has this long for being given up before the delivery ends it itself. */
const headOfLineGraceMs = 60_000

/** Connects a handler with its broker, and watches over what it needs. */
export function runShell(options: ShellOptions): Running {
  const { manifest, deps } = options
  const config = fullConfig(manifest.name, options.config)
  const log = deps.log.child({ agent: manifest.name })
  const stopping = new AbortController()
  const dependencies = createDependencies({
    ...deps,
    log,
    pings: pingsOf(deps, options.usesModel, async () => handler.recover?.()),
    signal: stopping.signal,
    onMissing: (name) => (name === 'model' ? undefined : delivery.pauseAll(name)),
    onBack: (name) => delivery.resumeAll(name),
  })
  const sender = createSender(deps.broker, config.clientId, () => delivery.assertMember())
  const shell: Shell = { manifest, group: manifest.name, deps, config, sender, dependencies, log }
  const delivery = createDelivery(deliveryOptions(options, shell, () => handler))
  const handler = options.handler(shell, delivery)

  const state = { started: false, refused: '' }
  const started = start(options, shell, delivery, stopping.signal).then(
    () => void (state.started = true),
    (error: unknown) => {
      state.refused = Fault.from(error).code
      throw error
    },
  )
  started.catch(() => undefined) // whoever wants to know awaits `started`

  return {
    name: manifest.name,
    started,
    missing: () => missingNow(state, dependencies, handler),
    health: () => healthNow(state.started, delivery, handler),
    scrape: createScraper({ group: shell.group, limit: options.concurrency, deps, delivery, log }),
    async stop() {
      stopping.abort(new Fault('aborted', 'the service is being stopped.'))
      await delivery.drain()
      await options.onStop()
      await sender.close()
    },
  }
}

function deliveryOptions(options: ShellOptions, shell: Shell, handler: () => Handler): DeliveryOptions {
  const { broker, clock, random } = shell.deps
  return {
    broker,
    clock,
    random,
    group: shell.group,
    topics: shell.manifest.consumes.map(({ name }) => name),
    clientId: shell.config.clientId,
    assignment: options.assignment,
    ...(options.keyOf && { keyOf: options.keyOf }),
    concurrency: options.concurrency,
    drainBudgetMs: shell.config.drainBudgetMs,
    headOfLine: { afterMs: options.giveUpAfterMs + headOfLineGraceMs },
    handle: (record, context) => handler().process(newWork(record, context, shell, options.giveUpAfterMs)),
    onPartitions: (change) => handler().onPartitions?.(change),
    onCommit: (ms) => shell.deps.metrics.commitDuration.observe(ms / 1_000),
    onFault(fault, record) {
      shell.dependencies.report(fault)
      shell.log.warn({ topic: record?.topic, error: fault }, 'a fault in the delivery')
    },
  }
}

function newWork(record: InRecord, context: HandleContext, shell: Shell, giveUpAfterMs: number): Work {
  const deadline = context.firstSeenAt + giveUpAfterMs
  const nothingYet = { message: null, span: null, calls: [], remembered: false, outgoing: null }
  return { record, ...context, log: shell.log, deadline, ...nothingYet }
}

/** Waits for what is away, checks that every schema is registered, and joins the group. */
async function start(options: ShellOptions, shell: Shell, delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { codec } = shell.deps
  const topics = [...new Set([...shell.manifest.consumes, ...options.publishes])]
  await untilItWorks(shell, signal, () => codec.prepare(topics))
  await untilItWorks(shell, signal, () => delivery.start())
}

async function untilItWorks(shell: Shell, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  const { clock, random } = shell.deps
  for (let attempt = 1; ; attempt++) {
    await shell.dependencies.available(signal)
    try {
      return await run()
    } catch (error) {
      const fault = Fault.from(error)
      if (!fault.retryable) throw fault
      shell.dependencies.report(fault)
      await clock.sleep(backOff(attempt, random), signal)
    }
  }
}

function missingNow(state: { started: boolean; refused: string }, dependencies: Dependencies, handler: Handler): string[] {
  if (state.refused === 'schema_unregistered') return ['schema']
  const missing = dependencies.missing().map((name) => (name === 'state' ? (handler.recovering?.() ?? name) : name))
  return missing.length === 0 && !state.started ? ['start'] : missing
}

function healthNow(started: boolean, delivery: Delivery, handler: Handler): { ok: boolean; reason?: string } {
  if (!started) return { ok: true } // waiting for what is away is life enough
  const health = delivery.health()
  return health.ok ? (handler.health?.() ?? health) : health
}
