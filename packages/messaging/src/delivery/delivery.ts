import { Fault, type Clock } from '@concord/contracts'
import type { Admin, Consumer, ConsumerHandlers, InRecord, TopicPartition } from '../broker.ts'
import { createAnnouncer } from './announcer.ts'
import { createCaughtUp, type CaughtUp } from './caught-up.ts'
import { Committer } from './committer.ts'
import type { DeliveryOptions, DeliveryStats } from './delivery-options.ts'
import { Dispatcher, type Work } from './dispatcher.ts'
import { Holdings } from './holdings.ts'
import type { Tenure } from './tenure.ts'

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
      onDone: (work) => this.#onDone(work),
      onFault,
    })
    this.#committer = new Committer({
      clock,
      intervalMs: options.commitIntervalMs ?? 500,
      tenures: () => this.#holdings.all(),
      commit: async (commits) => this.#consumer?.commit(commits),
      onFault,
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
        if (this.#pauseReasons.size > 0) this.#consumer?.pause(assigned)
        await this.#holdings.take(assigned)
      },
      onRevoked: (partitions) => this.#holdings.giveUp(partitions),
      onLost: (partitions) => this.#holdings.lose(partitions),
      onRecords: (records) => this.#onRecords(records),
      onCrash: (error) => {
        this.#crash = Fault.from(error)
        this.#holdings.lose(this.#holdings.all())
        this.#options.onFault?.(this.#crash)
      },
    }
  }

  #onRecords(records: InRecord[]): number {
    const [first] = records
    const tenure = first === undefined ? undefined : this.#holdings.find(first)
    if (tenure?.state !== 'held') return 0
    const now = this.#clock.now()
    const fresh: Work[] = []
    let taken = 0
    for (const record of records) {
      if (tenure.tracker.incomplete() >= this.#maxIncomplete) break
      taken++
      if (!tenure.tracker.track(record.offset, now)) continue
      fresh.push({ record, key: this.#keyOf(record), tenure, attempts: 0, firstSeenAt: now })
    }
    if (tenure.tracker.incomplete() >= this.#maxIncomplete) {
      tenure.full = true
      this.#consumer?.pause([tenure])
    }
    this.#dispatcher.add(fresh)
    return taken
  }

  #keyOf(record: InRecord): string {
    if (this.#options.keyOf !== undefined) return this.#options.keyOf(record)
    const { key, topic, partition, offset } = record
    return key === null ? `alone:${topic}/${partition}/${offset}` : `key:${key.toString('latin1')}`
  }

  #onDone({ tenure, record }: Work): void {
    tenure.tracker.complete(record.offset)
    this.#committer.touch()
    this.#caughtUp.check()
    if (!tenure.full || tenure.tracker.incomplete() > this.#maxIncomplete / 2) return
    tenure.full = false
    if (this.#pauseReasons.size === 0 && tenure.state === 'held') this.#consumer?.resume([tenure])
  }

  pauseAll(reason: string): void {
    this.#pauseReasons.add(reason)
    this.#dispatcher.setOpen(false)
    this.#consumer?.pause(this.partitions())
  }

  resumeAll(reason: string): void {
    if (!this.#pauseReasons.delete(reason) || this.#pauseReasons.size > 0) return
    this.#dispatcher.setOpen(true)
    this.#consumer?.resume(this.#holdings.all().filter((tenure) => !tenure.full))
  }

  drain(): Promise<void> {
    this.#drained ??= this.#drain()
    return this.#drained
  }

  async #drain(): Promise<void> {
    this.pauseAll('drain')
    await this.#holdings.giveUp(this.partitions())
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
    const tenures = this.#holdings.all()
    const paused = this.#pauseReasons.size > 0 ? tenures.length : tenures.filter((tenure) => tenure.full).length
    return {
      ...this.#dispatcher.counts(),
      ...this.#committer.counts(),
      pausedPartitions: paused,
      rebalances: this.#rebalances,
      perPartition: tenures.map(statsOf),
    }
  }

  health(): { ok: boolean; reason?: string } {
    const { stallAfterMs = 30_000 } = this.#options
    const now = this.#clock.now()
    const failingSince = this.#committer.failingSince()
    if (this.#crash !== undefined) return { ok: false, reason: `the consumer has stopped: ${this.#crash.message}` }
    if (this.#consumer === undefined) return { ok: false, reason: 'not started' }
    if (this.#drained !== undefined) return { ok: true }
    const silentMs = now - this.#consumer.lastContact()
    if (silentMs > stallAfterMs) return { ok: false, reason: `no contact with the group for ${silentMs} ms` }
    if (failingSince !== null && now - failingSince > stallAfterMs) return { ok: false, reason: 'commits have been failing' }
    return { ok: true }
  }
}

function statsOf(tenure: Tenure): DeliveryStats['perPartition'][number] {
  const { topic, partition, committed, tracker } = tenure
  return {
    topic,
    partition,
    committed,
    highestSeen: tracker.highestSeen(),
    highestDone: tracker.highestDone(),
    incomplete: tracker.incomplete(),
    oldestIncompleteAt: tracker.oldestIncompleteAt(),
  }
}
