import { Fault, type Clock } from '@concord/contracts'
import type { Assigned, TopicPartition } from '../broker.ts'
import type { Announcer } from './announcer.ts'
import type { CaughtUp } from './caught-up.ts'
import type { Committer } from './committer.ts'
import type { Dispatcher } from './dispatcher.ts'
import { createTenure, isOwned, placeOf, type Tenure } from './tenure.ts'
import { within } from '../within.ts'

export interface HoldingsDeps {
  clock: Clock
  drainBudgetMs: number
  dispatcher: Dispatcher
  committer: Committer
  announcer: Announcer
  caughtUp: CaughtUp
}

/** Milliseconds for the last commit and for the owner's farewell, each, on top of the drain budget. */
const farewellMs = 1_000

/** The partitions that this member holds, and how it takes them and gives them up. */
export class Holdings {
  readonly #deps: HoldingsDeps
  readonly #tenures = new Map<string, Tenure>()
  /** Partition numbers that the owner has been told are here. */
  readonly #announced = new Set<number>()
  /** Moves with every change, so that what an earlier one was waiting for opens nothing any more. */
  #round = 0
  #waitingSince: number | null = null
  #waitedMs = 0
  /** Resolves when all is given up for good; nothing is taken any more from when that begins. */
  #leaving: Promise<void> | undefined

  constructor(deps: HoldingsDeps) {
    this.#deps = deps
  }

  all(): Tenure[] {
    return [...this.#tenures.values()]
  }

  find(at: TopicPartition): Tenure | undefined {
    return this.#tenures.get(placeOf(at))
  }

  /** Milliseconds for which rebalances have kept work from starting, the one under way included. */
  waitedMs(): number {
    return this.#waitedMs + (this.#waitingSince === null ? 0 : this.#deps.clock.now() - this.#waitingSince)
  }

  /**
   * Goes on with what is kept, ends what else was here, and begins what is new. Resolves when the owner is ready; then work starts again.
   * @throws Fault `internal` when the broker keeps what was never suspended: the records from the commit on would be missing.
   */
  async take(assigned: readonly Assigned[]): Promise<void> {
    if (this.#leaving !== undefined) return this.#takeWhileLeaving(assigned)
    const round = this.#hold()
    const kept = assigned.filter((one) => one.kept).map((one) => this.#suspended(one))
    this.#end(this.all().filter((tenure) => !kept.includes(tenure)))
    for (const tenure of kept) tenure.state = 'held'
    for (const one of assigned) if (!one.kept) this.#tenures.set(placeOf(one), createTenure(one))
    void this.#farewell()
    const fresh = numbersOf(assigned).filter((partition) => !this.#announced.has(partition))
    for (const partition of fresh) this.#announced.add(partition)
    this.#deps.committer.touch()
    await this.#deps.announcer.gained(fresh)
    if (round === this.#round) this.#release()
  }

  /** The end began between a barrier and its outcome: what is not kept is another's, and the rest may finish. */
  #takeWhileLeaving(assigned: readonly Assigned[]): void {
    const kept = new Set(assigned.filter((one) => one.kept).map(placeOf))
    const open = this.all().filter(({ state }) => state === 'suspended')
    this.#end(open.filter((tenure) => !kept.has(placeOf(tenure))))
    for (const tenure of open) if (tenure.state === 'suspended') tenure.state = 'closing'
  }

  /** Drains and commits, and then leaves all as it is until the outcome is known: work that outlasts the drain may go on. */
  async suspend(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#leaving !== undefined) return this.#leaving
    const { clock, dispatcher, drainBudgetMs } = this.#deps
    const closing = this.#close(partitions)
    await within(dispatcher.idle(closing), drainBudgetMs, clock)
    await this.#commit(closing)
    for (const tenure of closing) if (tenure.state === 'closing') tenure.state = 'suspended'
    await within(this.#farewell(), farewellMs, clock)
  }

  /** Drains, commits, then fences: in that order, so that finished work is not thrown away. Whatever is assigned from now on is left alone. */
  async giveUpAll(): Promise<void> {
    this.#leaving ??= this.#giveUp(this.all())
    await this.#leaving
    await within(this.#farewell(), farewellMs, this.#deps.clock)
  }

  async #giveUp(held: readonly Tenure[]): Promise<void> {
    const { clock, dispatcher, drainBudgetMs } = this.#deps
    const closing = this.#close(held)
    const drained = await within(dispatcher.idle(closing), drainBudgetMs, clock)
    if (!drained) dispatcher.abandon(closing, new Fault('aborted', 'the drain budget is spent.', { retryable: true }))
    await this.#commit(closing)
    this.#end(closing)
  }

  /** They are another's already: fences at once, and commits nothing. */
  lose(partitions: readonly TopicPartition[]): void {
    this.#hold()
    this.#end(this.#among(partitions))
    void this.#farewell()
  }

  /** @returns the number of this round. */
  #hold(): number {
    this.#waitingSince ??= this.#deps.clock.now()
    this.#deps.dispatcher.hold('rebalance')
    return ++this.#round
  }

  #release(): void {
    this.#waitedMs = this.waitedMs()
    this.#waitingSince = null
    this.#deps.dispatcher.release('rebalance')
  }

  #close(partitions: readonly TopicPartition[]): Tenure[] {
    this.#hold()
    const closing = this.#among(partitions)
    for (const tenure of closing) if (tenure.state === 'held') tenure.state = 'closing'
    this.#deps.caughtUp.check()
    return closing
  }

  async #commit(tenures: readonly Tenure[]): Promise<void> {
    await within(this.#deps.committer.flush(tenures), farewellMs, this.#deps.clock)
  }

  /** Tells the owner of the partition numbers of which nothing is owned any more. */
  #farewell(): Promise<void> {
    const owned = new Set(numbersOf(this.all().filter(isOwned)))
    const gone = [...this.#announced].filter((partition) => !owned.has(partition)).sort((a, b) => a - b)
    for (const partition of gone) this.#announced.delete(partition)
    return this.#deps.announcer.lost(gone)
  }

  #suspended(one: Assigned): Tenure {
    const tenure = this.find(one)
    if (tenure?.state !== 'suspended') throw new Fault('internal', `${placeOf(one)} is kept, but was not suspended.`)
    return tenure
  }

  #among(partitions: readonly TopicPartition[]): Tenure[] {
    return partitions.map((at) => this.find(at)).filter((tenure) => tenure !== undefined)
  }

  #end(given: readonly Tenure[]): void {
    const ending = given.filter((tenure) => tenure.state !== 'ended')
    for (const tenure of ending) {
      tenure.state = 'ended'
      this.#tenures.delete(placeOf(tenure))
    }
    this.#deps.dispatcher.abandon(ending, new Fault('fenced', 'the partition has left this member.'))
    this.#deps.caughtUp.check()
  }
}

function numbersOf(partitions: readonly TopicPartition[]): number[] {
  return [...new Set(partitions.map(({ partition }) => partition))].sort((a, b) => a - b)
}
