import { Fault, type Clock } from '@concord/contracts'
import type { Admin, Consumer, ConsumerHandlers, InRecord, Progress, TopicPartition } from '../broker.ts'
import { createAnnouncer } from './announcer.ts'
import { createCaughtUp, type CaughtUp } from './caught-up.ts'
import { Committer } from './committer.ts'
import type { DeliveryOptions, DeliveryStats } from './delivery-options.ts'
import { Dispatcher } from './dispatcher.ts'
import { headOfLine, headOfLineDefault, headOfLineFault } from './head-of-line.ts'
import { healthOf } from './health.ts'
import { Holdings } from './holdings.ts'
import { takeIn } from './intake.ts'
import { statsOf } from './stats.ts'
import { isOwned, placeOf, type Tenure, type Work } from './tenure.ts'

/** Brings the records of a group's topics to a handler: many at once, in order per key, each until it is done, none committed early. */
export interface Delivery {
  /** Joins the group. May be called again after it has rejected. */
  start(): Promise<void>
  /** Starts nothing more until `resumeAll` has been called with every reason given. What is in flight goes on. */
  pauseAll(reason: string): void
  resumeAll(reason: string): void
  /** Finishes what is in flight within the budget, commits, leaves the group. Resolves when all of that is over. */
  drain(): Promise<void>
  partitions(): TopicPartition[]
  /**
   * Resolves true once every record that stood in this partition of the topics at the time of the call is done, false when the partition
   * leaves first. Rejects with the signal's reason, or with `broker_unavailable` when the high watermarks cannot be read.
   */
  caughtUp(partition: number, signal: AbortSignal): Promise<boolean>
  /**
   * For what is published outside `handle`.
   * @throws Fault `fenced` when the group has not acknowledged this member within the session timeout: it may have gone on without it.
   */
  assertMember(): void
  stats(): DeliveryStats
  /** Progress, not mere life. */
  health(): { ok: boolean; reason?: string }
}

export function createDelivery(options: DeliveryOptions): Delivery {
  return new DeliveryEngine(options)
}

class DeliveryEngine implements Delivery {
  readonly #options: DeliveryOptions
  readonly #clock: Clock
  readonly #maxIncomplete: number
  readonly #dispatcher: Dispatcher
  readonly #committer: Committer
  readonly #holdings: Holdings
  readonly #caughtUp: CaughtUp = createCaughtUp()
  readonly #pauseReasons = new Set<string>()
  #consumer: Consumer | undefined
  #admin: Promise<Admin> | undefined
  #crash: Fault | undefined
  #drained: Promise<void> | undefined
  #rebalances = 0
  #refused = 0
  #headOfLine = 0

  constructor(options: DeliveryOptions) {
    const { clock, random = Math.random, concurrency } = options
    const onFault = (fault: Fault, record?: InRecord): void => options.onFault?.(fault, record)
    this.#options = options
    this.#clock = clock
    this.#maxIncomplete = options.maxIncompletePerPartition ?? 500
    this.#dispatcher = new Dispatcher({
      clock,
      random,
      concurrency,
      handle: (record, context) => options.handle(record, context),
      assertOwned: (tenure) => this.#assertOwned(tenure),
      onDone: (work) => this.#onDone(work),
      onFault,
    })
    this.#committer = new Committer({
      clock,
      intervalMs: options.commitIntervalMs ?? 500,
      tenures: () => this.#holdings.all(),
      commit: async (commits) => this.#consumer?.commit(commits),
      onCommit: (ms, ok) => options.onCommit?.(ms, ok),
      onFault,
      onInterval: () => this.#guardHeads(),
    })
    this.#holdings = new Holdings({
      clock,
      drainBudgetMs: options.drainBudgetMs ?? 5_000,
      dispatcher: this.#dispatcher,
      committer: this.#committer,
      announcer: createAnnouncer({ clock, random, onFault, onPartitions: (change) => options.onPartitions?.(change) }),
      caughtUp: this.#caughtUp,
    })
  }

  async start(): Promise<void> {
    const { broker, group, topics, clientId, assignment } = this.#options
    const consumer = broker.consumer({ group, topics, clientId, assignment })
    this.#consumer = consumer
    try {
      await consumer.start(this.#handlers())
    } catch (error) {
      this.#consumer = undefined
      throw error
    }
  }

  #handlers(): ConsumerHandlers {
    return {
      onAssigned: async (assigned) => {
        this.#rebalances++
        const ready = this.#holdings.take(assigned)
        const paused = this.#pauseReasons.size > 0
        this.#consumer?.pause(this.#holdings.all().filter((tenure) => paused || tenure.full))
        await ready
      },
      onRevoked: (partitions) => this.#holdings.suspend(partitions),
      onLost: (partitions) => this.#holdings.lose(partitions),
      onRecords: (records, progress) => this.#onRecords(records, progress),
      onCrash: (error) => {
        this.#crash = Fault.from(error)
        this.#holdings.lose(this.#holdings.all())
        this.#options.onFault?.(this.#crash)
      },
    }
  }

  #onRecords(records: InRecord[], progress: Progress): number {
    const tenure = this.#holdings.find(progress)
    if (tenure?.state !== 'held') return 0
    const { keyOf } = this.#options
    const options = { ...(keyOf && { keyOf }), maxIncomplete: this.#maxIncomplete, now: this.#clock.now() }
    const { count, fresh, moved } = takeIn(tenure, records, progress, options)
    if (moved) this.#moved()
    if (tenure.tracker.incomplete() >= this.#maxIncomplete) {
      tenure.full = true
      this.#consumer?.pause([tenure])
    }
    this.#dispatcher.add(fresh)
    return count
  }

  /** A watermark may have moved. */
  #moved(): void {
    this.#committer.touch()
    this.#caughtUp.check()
  }

  #onDone({ tenure, record }: Work): void {
    tenure.tracker.complete(record.offset)
    this.#moved()
    if (!tenure.full || tenure.tracker.incomplete() > this.#maxIncomplete / 2) return
    tenure.full = false
    if (this.#pauseReasons.size === 0 && tenure.state === 'held') this.#consumer?.resume([tenure])
  }

  /** Once an interval, and so off the way that every record takes. */
  #guardHeads(): void {
    const now = this.#clock.now()
    const limits = { ...headOfLineDefault, ...this.#options.headOfLine }
    for (const tenure of this.#holdings.all()) {
      const work = tenure.state === 'held' ? headOfLine(tenure, limits, now) : null
      if (work === null) continue
      const fault = headOfLineFault(work, now)
      this.#headOfLine++
      this.#options.onFault?.(fault, work.record)
      this.#dispatcher.cancel(work, fault)
    }
  }

  #assertOwned(tenure: Tenure): void {
    if (!isOwned(tenure)) this.#refuse(`${placeOf(tenure)} may be another member's by now.`)
    this.assertMember()
  }

  assertMember(): void {
    if (this.#clock.now() >= (this.#consumer?.memberUntil() ?? 0)) {
      this.#refuse('the group may have gone on without this member, which it has not acknowledged for longer than a session.')
    }
  }

  #refuse(reason: string): never {
    this.#refused++
    throw new Fault('fenced', reason, { retryable: true })
  }

  pauseAll(reason: string): void {
    this.#pauseReasons.add(reason)
    this.#dispatcher.hold('paused')
    this.#consumer?.pause(this.partitions())
  }

  resumeAll(reason: string): void {
    if (!this.#pauseReasons.delete(reason) || this.#pauseReasons.size > 0) return
    this.#dispatcher.release('paused')
    this.#consumer?.resume(this.#holdings.all().filter((tenure) => !tenure.full))
  }

  drain(): Promise<void> {
    this.#drained ??= this.#drain()
    return this.#drained
  }

  async #drain(): Promise<void> {
    this.pauseAll('drain')
    await this.#holdings.giveUpAll()
    this.#committer.stop()
    await this.#consumer?.stop()
    await (await this.#admin)?.close()
  }

  partitions(): TopicPartition[] {
    return this.#holdings.all().map(({ topic, partition }) => ({ topic, partition }))
  }

  async caughtUp(partition: number, signal: AbortSignal): Promise<boolean> {
    const tenures = this.#holdings.all().filter((tenure) => tenure.partition === partition)
    this.#admin ??= this.#options.broker.admin()
    try {
      return await this.#caughtUp.wait(tenures, await this.#admin, signal)
    } catch (error) {
      if (!signal.aborted) this.#admin = undefined
      throw error
    }
  }

  stats(): DeliveryStats {
    const allPaused = this.#pauseReasons.size > 0
    const perPartition = this.#holdings.all().map((tenure) => statsOf(tenure, allPaused))
    return {
      ...this.#dispatcher.counts(),
      ...this.#committer.counts(),
      pausedPartitions: perPartition.filter(({ paused }) => paused).length,
      rebalances: this.#rebalances,
      rebalanceWaitMs: this.#holdings.waitedMs(),
      refused: this.#refused,
      headOfLine: this.#headOfLine,
      perPartition,
    }
  }

  health(): { ok: boolean; reason?: string } {
    return healthOf({
      now: this.#clock.now(),
      stallAfterMs: this.#options.stallAfterMs ?? 30_000,
      crash: this.#crash,
      lastContact: this.#consumer?.lastContact() ?? null,
      draining: this.#drained !== undefined,
      commitsFailingSince: this.#committer.failingSince(),
      tenures: this.#holdings.all(),
    })
  }
}
