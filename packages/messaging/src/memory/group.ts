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
  expelled(): Promise<void>
}

interface Seat {
  member: Member
  holds: TopicPartition[]
  /** What it held after the last deal: nobody else has since. */
  dealt: readonly TopicPartition[]
  seated: () => void
  gone: Promise<void>
  go: () => void
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** A consumer group with the eager protocol: on every change all members give up everything, then all is dealt anew. */
export class Group {
  readonly #deps: { clock: Clock; topics: Topics; rebalanceTimeoutMs: number }
  readonly #seats = new Map<Member, Seat>()
  readonly #offsets = new Map<string, Commit>()
  #rebalancing = false
  #changed = false

  constructor(deps: { clock: Clock; topics: Topics; rebalanceTimeoutMs: number }) {
    this.#deps = deps
  }

  /** Resolves when the member has got its first assignment, or is gone. */
  join(member: Member): Promise<void> {
    const seated = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    void gone.promise.then(seated.resolve)
    this.#seats.set(member, { member, holds: [], dealt: [], seated: seated.resolve, gone: gone.promise, go: gone.resolve })
    void this.#rebalance()
    return seated.promise
  }

  has(member: Member): boolean {
    return this.#seats.has(member)
  }

  leave(member: Member): void {
    this.#remove(member)
  }

  /** Drops a member that lives on: its session has ended, or it did not drain in time. */
  expel(member: Member): void {
    if (this.#remove(member)) void member.expelled()
  }

  /** @throws Fault `fenced` when one of the partitions is not this member's. */
  commit(member: Member, commits: readonly Commit[]): void {
    const held = new Set(this.#seats.get(member)?.holds.map(placeOf))
    const stray = commits.find((commit) => !held.has(placeOf(commit)))
    if (stray !== undefined) throw new Fault('fenced', `${placeOf(stray)} is no longer held by ${member.id}.`)
    for (const commit of commits) this.#offsets.set(placeOf(commit), { ...commit })
  }

  /** @throws Fault `fenced` when the group has members. */
  place(name: string, commits: readonly Commit[]): void {
    if (this.#seats.size > 0) throw new Fault('fenced', `the group ${name} has members.`, { mend: 'Stop them first.' })
    for (const commit of commits) this.#offsets.set(placeOf(commit), { ...commit })
  }

  committed(at: TopicPartition): Assigned['committed'] {
    const found = this.#offsets.get(placeOf(at))
    return found === undefined ? null : { offset: found.offset, metadata: found.metadata ?? '' }
  }

  #remove(member: Member): boolean {
    const seat = this.#seats.get(member)
    if (seat === undefined) return false
    this.#seats.delete(member)
    seat.go()
    void this.#rebalance()
    return true
  }

  /** A change that comes while members drain joins this round; one that comes later starts the next. */
  async #rebalance(): Promise<void> {
    this.#changed = true
    if (this.#rebalancing) return
    this.#rebalancing = true
    while (this.#changed) {
      while (this.#changed) {
        this.#changed = false
        await Promise.all([...this.#seats.values()].map((seat) => this.#revoke(seat)))
      }
      this.#deal()
    }
    this.#rebalancing = false
  }

  async #revoke(seat: Seat): Promise<void> {
    if (seat.holds.length === 0) return
    const drained = Promise.withResolvers<void>()
    const cancel = this.#deps.clock.after(this.#deps.rebalanceTimeoutMs, () => this.expel(seat.member))
    void seat.member.revoke().then(drained.resolve)
    await Promise.race([drained.promise, seat.gone])
    cancel()
    seat.holds = []
  }

  #deal(): void {
    const [first] = this.#seats.keys()
    if (first === undefined) return
    const members = [...this.#seats.values()].map(({ member, dealt }) => ({
      id: member.id,
      topics: member.options.topics,
      held: dealt,
    }))
    const subscribed = new Set(members.flatMap((member) => member.topics))
    const counts = new Map([...this.#deps.topics.counts()].filter(([topic]) => subscribed.has(topic)))
    const assigned = assignPartitions(first.options.assignment, members, counts)
    for (const seat of this.#seats.values()) {
      const before = new Set(seat.dealt.map(placeOf))
      seat.holds = assigned.get(seat.member.id) ?? []
      seat.dealt = seat.holds
      seat.member.assign(seat.holds.map((at) => ({ ...at, committed: this.committed(at), kept: before.has(placeOf(at)) })))
      seat.seated()
    }
  }
}
