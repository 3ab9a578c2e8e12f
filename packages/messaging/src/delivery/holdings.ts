import { Fault, type Clock } from '@concord/contracts'
import type { Assigned, TopicPartition } from '../broker.ts'
import type { Announcer } from './announcer.ts'
import type { CaughtUp } from './caught-up.ts'
import type { Committer } from './committer.ts'
import type { Dispatcher } from './dispatcher.ts'
import { createTenure, type Tenure } from './tenure.ts'
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

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** The partitions that this member holds, and how it takes them and gives them up. */
export class Holdings {
  readonly #deps: HoldingsDeps
  readonly #tenures = new Map<string, Tenure>()

  constructor(deps: HoldingsDeps) {
    this.#deps = deps
  }

  all(): Tenure[] {
    return [...this.#tenures.values()]
  }

  find(at: TopicPartition): Tenure | undefined {
    return this.#tenures.get(placeOf(at))
  }

  /** Resolves when the owner is ready for records. */
  async take(assigned: readonly Assigned[]): Promise<void> {
    this.#end(this.#among(assigned))
    const held = new Set(numbersOf(this.all()))
    for (const one of assigned) this.#tenures.set(placeOf(one), createTenure(one))
    await this.#deps.announcer.gained(numbersOf(assigned).filter((partition) => !held.has(partition)))
  }

  /** Drains, commits, then fences: in that order, so that finished work is not thrown away. */
  async giveUp(partitions: readonly TopicPartition[]): Promise<void> {
    const { clock, dispatcher, committer, announcer, caughtUp } = this.#deps
    const closing = this.#among(partitions)
    for (const tenure of closing) tenure.state = 'closing'
    caughtUp.check()
    dispatcher.withdraw(closing)
    const drained = await within(dispatcher.idle(closing), this.#deps.drainBudgetMs, clock)
    if (!drained) dispatcher.abandon(closing, new Fault('aborted', 'the drain budget is spent.', { retryable: true }))
    await within(committer.flush(closing), farewellMs, clock)
    await within(announcer.lost(this.#end(closing)), farewellMs, clock)
  }

  /** They are another's already: fences at once, and commits nothing. */
  lose(partitions: readonly TopicPartition[]): void {
    void this.#deps.announcer.lost(this.#end(this.#among(partitions)))
  }

  #among(partitions: readonly TopicPartition[]): Tenure[] {
    return partitions.map((at) => this.find(at)).filter((tenure) => tenure !== undefined)
  }

  /** @returns the partition numbers of which nothing is left here. */
  #end(given: readonly Tenure[]): number[] {
    const ending = given.filter((tenure) => tenure.state !== 'ended')
    for (const tenure of ending) {
      tenure.state = 'ended'
      this.#tenures.delete(placeOf(tenure))
    }
    this.#deps.dispatcher.withdraw(ending)
    this.#deps.dispatcher.abandon(ending, new Fault('fenced', 'the partition has left this member.'))
    this.#deps.caughtUp.check()
    const left = new Set(numbersOf(this.all()))
    return numbersOf(ending).filter((partition) => !left.has(partition))
  }
}

function numbersOf(partitions: readonly TopicPartition[]): number[] {
  return [...new Set(partitions.map(({ partition }) => partition))].sort((a, b) => a - b)
}
