/** Looks twice a second at the services' groups: a rebalance that outlasts the drain, a member that its group has given up. */
import { Kafka, logLevel, type Admin, type GroupDescription } from 'kafkajs'
import type { Happening } from '../check/happening.ts'

export interface GroupWatch {
  /** As they were noticed. The service has the name of its group. */
  readonly happenings: readonly Happening[]
  stop(): Promise<void>
}

/** Milliseconds. */
const everyMs = 500
const answerMs = 5_000

/** @param drainMs how long work in flight may hold up a rebalance */
export function watchGroups(brokers: string[], groups: readonly string[], drainMs: number): GroupWatch {
  const retry = { retries: 1 }
  const kafka = new Kafka({ brokers, clientId: 'group-watch', logLevel: logLevel.NOTHING, requestTimeout: answerMs, retry })
  const happenings: Happening[] = []
  const notice = createNotice(drainMs, (happening) => happenings.push(happening))
  let admin: Admin | undefined
  let looking: Promise<void> | null = null

  /** A broker that is away is looked at again later, through new connections: it is not the watch that is under test. */
  const look = async (): Promise<void> => {
    const open = (admin ??= kafka.admin())
    try {
      await open.connect()
      for (const group of (await open.describeGroups([...groups])).groups) notice(group, Date.now())
    } catch {
      admin = undefined
      void open.disconnect().catch(() => undefined)
    }
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = null))
  }, everyMs)
  return {
    happenings,
    async stop() {
      clearInterval(timer)
      await looking
      await admin?.disconnect()
    },
  }
}

type Described = Pick<GroupDescription, 'groupId' | 'state'> & { members: readonly { memberId: string; clientId: string }[] }

/** Tells what has changed from one description of a group to the next. */
export function createNotice(drainMs: number, tell: (happening: Happening) => void) {
  const rebalancingSince = new Map<string, number>()
  const memberIds = new Map<string, string>()
  const seenAt = new Map<string, number>()
  return ({ groupId, state, members }: Described, now: number): void => {
    const since = rebalancingSince.get(groupId)
    if (state === 'PreparingRebalance') rebalancingSince.set(groupId, since ?? now)
    else rebalancingSince.delete(groupId)
    if (state !== 'PreparingRebalance' && since !== undefined && now - since >= drainMs) {
      tell({ cause: 'drain overrun', service: groupId, from: since, to: now })
    }
    for (const { clientId, memberId } of members) {
      const place = `${groupId}/${clientId}`
      const before = memberIds.get(place)
      if (before !== undefined && before !== memberId) {
        tell({ cause: 'eviction', service: groupId, from: seenAt.get(place) ?? now, to: now })
      }
      memberIds.set(place, memberId)
      seenAt.set(place, now)
    }
  }
}
