/** The services as processes, two replicas of each, and what can be done to them. Everything done is noted, for the checker. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceName } from '@concord/dev-env'
import { down, readersOf, runningIn, startReplica, up, type Replica, type RunRecord, type Scale } from '@concord/dev-env/up'
import type { Cause, Happening } from '../check/happening.ts'
import { membersOf } from './members.ts'

export interface Constellation {
  record: RunRecord
  replicas: readonly Replica[]
  /** Which groups read what. */
  readers: readonly { name: string; consumes: readonly { name: string }[] }[]
  happenings: readonly Happening[]
  note(cause: Cause, service: ServiceName | null, from: number): void
  /** SIGKILL. */
  kill(replica: Replica): Promise<void>
  /** SIGTERM, until it has ended. */
  end(replica: Replica): Promise<void>
  start(replica: Replica): Promise<void>
  /** SIGSTOP for so long, then SIGCONT. */
  freeze(replica: Replica, ms: number): Promise<void>
}

export interface ConstellationOptions {
  dir: string
  env: NodeJS.ProcessEnv
  domainFolder: string
  scale: Scale
  tell(line: string): void
  /** Told how to end what is being started, before it starts. */
  onOpen(close: () => Promise<unknown>): void
}

/** A service has this long to finish what is in flight. Milliseconds: its default. */
export const drainMs = 5_000
const pollMs = 20

export async function startConstellation(options: ConstellationOptions): Promise<Constellation> {
  const { dir, domainFolder } = options
  options.onOpen(() => endServices(dir))
  const { record } = await up(options)
  const env = { ...options.env, ...record.env }
  const happenings: Happening[] = []
  const note = (cause: Cause, service: ServiceName | null, from: number): void =>
    void happenings.push({ cause, service, from, to: Date.now() })

  const signal = async ({ name }: Replica, what: NodeJS.Signals): Promise<void> => {
    const pid = (await runningIn(dir)).get(name)
    if (pid === undefined) throw new Error(`${name} does not run`)
    process.kill(pid, what)
  }
  const ended = async ({ name }: Replica): Promise<void> => {
    while ((await runningIn(dir)).has(name)) await sleep(pollMs)
  }

  return {
    record,
    replicas: record.replicas,
    readers: await readersOf(domainFolder),
    happenings,
    note,
    async kill(replica) {
      const from = Date.now()
      await signal(replica, 'SIGKILL')
      await ended(replica)
      note('death', replica.service, from)
    },
    async end(replica) {
      const from = Date.now()
      await signal(replica, 'SIGTERM')
      await ended(replica)
      if (Date.now() - from > drainMs) note('drain overrun', replica.service, from)
    },
    async start(replica) {
      await startReplica(replica, env, dir)
    },
    async freeze(replica, ms) {
      const from = Date.now()
      await signal(replica, 'SIGSTOP')
      await sleep(ms)
      const members = await membersOf(options.env['KAFKA_BROKERS'] ?? '', replica.service)
      await signal(replica, 'SIGCONT')
      note('freeze', replica.service, from)
      if (members.includes(replica.name)) throw new Error(`${replica.name} was frozen, and the group waited for it all the same`)
    },
  }
}

/** The services outlive the process that started them, so whoever ends early ends them too. */
export async function endServices(dir: string): Promise<void> {
  await down({ dir, tell: () => undefined })
}
