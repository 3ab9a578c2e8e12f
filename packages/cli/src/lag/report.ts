/** Lag and pressure of every agent: from the broker, and where the services can be reached, from their own figures. */
import type { Broker } from '@concord/messaging'
import { deadLetterTopic, type LetterCount, type OpenLetters } from '@concord/runtime'
import type { Figures } from './figures.ts'
import { lagOf, type LagRow, type Readers } from './lag.ts'

/** What the replicas of an agent say of themselves, together. */
export interface Pressure extends Omit<Figures, 'service' | 'commitSeconds'> {
  replicas: number
  /** Mean over all commits of all replicas; null before the first. Milliseconds. */
  commitMs: number | null
}

export interface AgentLag {
  agent: string
  lag: number
  notDone: number
  oldestAt: number | null
  /** Null where no replica answers: it is down, or runs where its figures cannot be reached. */
  pressure: Pressure | null
  deadLetters: { open: number; oldestAt: number | null }
}

export interface LagReport {
  /** Milliseconds since the epoch. */
  at: number
  lag: number
  agents: AgentLag[]
  partitions: LagRow[]
}

export interface LagReportOptions {
  broker: Broker
  readers: Readers
  letters: LetterCount
  /** Of the replicas that answer. */
  figures(): Promise<Figures[]>
  now(): number
}

export async function lagReport({ broker, readers, letters, figures, now }: LagReportOptions): Promise<LagReport> {
  const admin = await broker.admin()
  try {
    const [partitions, said] = await Promise.all([lagOf(broker, admin, readers), figures()])
    const agents: AgentLag[] = []
    for (const { name: agent, consumes } of readers) {
      const own = partitions.filter(({ group }) => group === agent)
      const dead: OpenLetters[] = []
      for (const { name } of consumes) dead.push(await letters.measure(deadLetterTopic(name, agent), admin))
      agents.push(agentLag(agent, own, pressureOf(said.filter(({ service }) => service === agent)), dead))
    }
    return { at: now(), lag: sumOf(agents.map(({ lag }) => lag)), agents, partitions }
  } finally {
    await admin.close()
  }
}

function agentLag(agent: string, own: readonly LagRow[], pressure: Pressure | null, dead: readonly OpenLetters[]): AgentLag {
  return {
    agent,
    lag: sumOf(own.map(({ lag }) => lag)),
    notDone: sumOf(own.map(({ notDone }) => notDone)),
    oldestAt: earliest(own.map(({ oldestAt }) => oldestAt)),
    pressure,
    deadLetters: { open: sumOf(dead.map(({ count }) => count)), oldestAt: earliest(dead.map(({ oldestAt }) => oldestAt)) },
  }
}

function pressureOf(replicas: readonly Figures[]): Pressure | null {
  if (replicas.length === 0) return null
  const sum = (name: Exclude<keyof Figures, 'service'>): number => sumOf(replicas.map((replica) => replica[name]))
  const commits = sum('commits')
  return {
    replicas: replicas.length,
    inFlight: sum('inFlight'),
    limit: sum('limit'),
    queued: sum('queued'),
    waiting: sum('waiting'),
    paused: sum('paused'),
    rebalances: sum('rebalances'),
    commits,
    commitFailures: sum('commitFailures'),
    commitMs: commits === 0 ? null : (sum('commitSeconds') / commits) * 1_000,
    oldestIncompleteSeconds: Math.max(...replicas.map(({ oldestIncompleteSeconds }) => oldestIncompleteSeconds)),
  }
}

const sumOf = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}
