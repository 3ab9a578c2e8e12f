import { Fault, type Clock } from '@concord/contracts'
import type { Assigned, TopicPartition } from '../broker.ts'
import type { Announcer } from './announcer.ts'
import type { CaughtUp } from './caught-up.ts'
import type { Committer } from './committer.ts'
import type { Dispatcher } from './dispatcher.ts'
import { createTenure, type Tenure } from './tenure.ts'
import { within } from './within.ts'

/** The partitions that this member holds, and how it takes them and gives them up. */
export interface Holdings {
  all(): Tenure[]
  find(at: TopicPartition): Tenure | undefined
  take(assigned: Assigned[]): Promise<void>
  /** Drains, commits, then fences: in that order, so that finished work is not thrown away. */
  giveUp(partitions: readonly TopicPartition[]): Promise<void>
  /** They are another's already: fences at once, and commits nothing. */
  lose(partitions: readonly TopicPartition[]): void
}

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

export function createHoldings(deps: HoldingsDeps): Holdings {
  const { dispatcher, committer, announcer } = deps
  const tenures = new Map<string, Tenure>()
  const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`
  const heldAmong = (partitions: readonly TopicPartition[]): Tenure[] =>
    partitions.map((at) => tenures.get(placeOf(at))).filter((tenure) => tenure !== undefined)

  /** @returns the partition numbers of which nothing is left here. */
  function end(given: readonly Tenure[]): number[] {
    const ending = given.filter((tenure) => tenure.state !== 'ended')
    for (const tenure of ending) {
      tenure.state = 'ended'
      tenures.delete(placeOf(tenure))
    }
    dispatcher.withdraw(ending)
    dispatcher.abandon(ending, new Fault('fenced', 'the partition has left this member.'))
    deps.caughtUp.check()
    const left = new Set([...tenures.values()].map((tenure) => tenure.partition))
    return numbersOf(ending).filter((partition) => !left.has(partition))
  }

  return {
    all: () => [...tenures.values()],
    find: (at) => tenures.get(placeOf(at)),
    async take(assigned) {
      const held = new Set(numbersOf([...tenures.values()]))
      end(heldAmong(assigned))
      for (const one of assigned) tenures.set(placeOf(one), createTenure(one))
      await announcer.gained(numbersOf(assigned).filter((partition) => !held.has(partition)))
    },
    async giveUp(partitions) {
      const closing = heldAmong(partitions)
      for (const tenure of closing) tenure.state = 'closing'
      deps.caughtUp.check()
      dispatcher.withdraw(closing)
      const drained = await within(dispatcher.idle(closing), deps.drainBudgetMs, deps.clock)
      if (!drained) dispatcher.abandon(closing, new Fault('aborted', 'the drain budget is spent.', { retryable: true }))
      await within(committer.flush(closing), farewellMs, deps.clock)
      await within(announcer.lost(end(closing)), farewellMs, deps.clock)
    },
    lose(partitions) {
      void announcer.lost(end(heldAmong(partitions)))
    },
  }
}

function numbersOf(partitions: readonly TopicPartition[]): number[] {
  return [...new Set(partitions.map(({ partition }) => partition))].sort((a, b) => a - b)
}
