import { Fault, type Clock } from '@concord/contracts'
import { assignPartitions } from '../assignment.ts'
import type { Assigned, Commit, ConsumerOptions, TopicPartition } from '../broker.ts'
import type { Topics } from './topics.ts'

/** What the group asks of a member. */
export interface Member {
  readonly id: string
  readonly options: ConsumerOptions
  /** Resolves when the member has drained and given up what it holds. One that has crashed never answers. */
  revoke(): Promise<void>
  assign(partitions: Assigned[]): void
  /** The group goes on without it. */
  expel(): void
}

export interface Group {
  /** Resolves when the member has got its first assignment. */
  join(member: Member): Promise<void>
  leave(member: Member): void
  /** Drops a member whose session has ended. */
  expel(member: Member): void
  commit(member: Member, commits: Commit[]): void
  committed(at: TopicPartition): Commit | undefined
}

interface Seat {
  member: Member
  holds: TopicPartition[]
  seated: () => void
  gone: Promise<void>
  go: () => void
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** A consumer group with the eager protocol: on every change all members give up everything, then all is dealt anew. */
export function createGroup(deps: { clock: Clock; topics: Topics; rebalanceTimeoutMs: number }): Group {
  const seats = new Map<Member, Seat>()
  const offsets = new Map<string, Commit>()
  let rebalancing = false
  let changed = false

  function remove(member: Member): void {
    const seat = seats.get(member)
    if (seat === undefined) return
    seats.delete(member)
    seat.go()
    void rebalance()
  }

  function expel(member: Member): void {
    if (!seats.has(member)) return
    remove(member)
    member.expel()
  }

  async function revoke(seat: Seat): Promise<void> {
    if (seat.holds.length === 0) return
    const timeout = new Promise<void>((resolve) => {
      const cancel = deps.clock.after(deps.rebalanceTimeoutMs, () => (expel(seat.member), resolve()))
      void seat.gone.then(cancel)
      void seat.member.revoke().then(() => (cancel(), resolve()))
    })
    await Promise.race([timeout, seat.gone])
    seat.holds = []
  }

  /** A change that comes while members drain joins this round; one that comes later starts the next. */
  async function rebalance(): Promise<void> {
    changed = true
    if (rebalancing) return
    rebalancing = true
    while (changed) {
      while (changed) {
        changed = false
        await Promise.all([...seats.values()].map(revoke))
      }
      deal()
    }
    rebalancing = false
  }

  function deal(): void {
    const [first] = seats.keys()
    if (first === undefined) return
    const members = [...seats.keys()].map((member) => ({ id: member.id, topics: member.options.topics }))
    const subscribed = new Set(members.flatMap((member) => member.topics))
    const counts = new Map([...deps.topics.counts()].filter(([topic]) => subscribed.has(topic)))
    const assigned = assignPartitions(first.options.assignment, members, counts)
    for (const seat of seats.values()) {
      seat.holds = assigned.get(seat.member.id) ?? []
      seat.member.assign(seat.holds.map((at) => ({ ...at, committed: committedAt(at) })))
      seat.seated()
    }
  }

  function committedAt(at: TopicPartition): Assigned['committed'] {
    const found = offsets.get(placeOf(at))
    return found === undefined ? null : { offset: found.offset, metadata: found.metadata ?? '' }
  }

  return {
    join(member) {
      const seated = Promise.withResolvers<void>()
      const gone = Promise.withResolvers<void>()
      void gone.promise.then(seated.resolve)
      seats.set(member, { member, holds: [], seated: seated.resolve, gone: gone.promise, go: gone.resolve })
      void rebalance()
      return seated.promise
    },
    leave: remove,
    expel,
    commit(member, commits) {
      const held = new Set(seats.get(member)?.holds.map(placeOf))
      for (const commit of commits) {
        if (!held.has(placeOf(commit))) throw new Fault('fenced', `${placeOf(commit)} is no longer held by ${member.id}.`)
      }
      for (const commit of commits) offsets.set(placeOf(commit), { ...commit })
    },
    committed: (at) => offsets.get(placeOf(at)),
  }
}
