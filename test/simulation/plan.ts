/** From a seed to all that is decided before a run starts: who asks what, how the constellation is set up, and what goes wrong. */
import { serviceNames, type ServiceName } from '@concord/dev-env'
import { createChance, type Chance } from './chance.ts'
import { planSends, type Send } from './sends.ts'

/** What may happen to a single call through a port. */
export const callFaults = ['crash-before-call', 'crash-after-call', 'call-refused', 'answer-lost', 'call-slow'] as const
export type CallFault = (typeof callFaults)[number]

/** What a model may do instead of answering well, drawn for each call of it. */
export const modelFaults = ['model-slow', 'model-fails', 'model-spoils', 'model-lies'] as const
export type ModelFault = (typeof modelFaults)[number]

/** What a reviewer may do beside deciding once, on what stands, with good words. */
export const reviewerFaults = ['double-click', 'second-opinion', 'stale-decision', 'bad-edit'] as const
export type ReviewerFault = (typeof reviewerFaults)[number]

/** What happens to a replica at a given time. */
export const replicaMishaps = ['kill', 'restart', 'freeze', 'expire', 'join', 'leave'] as const
export type ReplicaMishap = (typeof replicaMishaps)[number]

/** After these work may be done again, so that less can be asked of a run: most are without them. */
const losses = ['store-wiped', 'store-rewound', 'store-restarted'] as const

/** What happens at a given time. */
export const mishapKinds = [...replicaMishaps, 'broker-away', 'store-away', 'back-end-away', ...losses] as const
export type MishapKind = (typeof mishapKinds)[number]

export interface Mishap {
  /** Milliseconds from the start. */
  at: number
  kind: MishapKind
  service: ServiceName
  forMs: number
}

export interface Settings {
  partitions: number
  scale: Record<ServiceName, number>
  /** Messages in flight in one replica. */
  concurrency: number
  ratePerSecond: number
  sweepMs: number
  drainBudgetMs: number
  sessionTimeoutMs: number
  /** The longest that a record takes to reach its reader. Milliseconds. */
  deliveryMs: number
}

export interface Plan {
  seed: number
  /** Nothing goes wrong any more from here on. Milliseconds from the start; 0 for a run in which nothing goes wrong at all. */
  faultsUntil: number
  settings: Settings
  /** Probabilities; a kind that is not named does not occur. */
  rates: Partial<Record<CallFault | ModelFault | ReviewerFault | 'redelivery', number>>
  mishaps: Mishap[]
  sends: Send[]
}

/** One run in so many is without faults: it must be clean too. */
const healthyEvery = 20

export function planOf(seed: number): Plan {
  const chance = createChance(seed)
  const healthy = seed % healthyEvery === 0
  const faultsUntil = healthy ? 0 : chance.whole(20, 50) * 1_000
  return {
    seed,
    faultsUntil,
    settings: settingsOf(chance.fork('settings')),
    rates: healthy ? {} : ratesOf(chance.fork('rates')),
    mishaps: healthy ? [] : mishapsOf(chance.fork('mishaps'), faultsUntil),
    sends: planSends(chance.fork('sends'), healthy),
  }
}

function settingsOf(chance: Chance): Settings {
  const replicas = (): number => (chance.happens(0.3) ? 2 : 1)
  return {
    partitions: chance.whole(1, 3),
    scale: Object.fromEntries(serviceNames.map((name) => [name, replicas()])) as Settings['scale'],
    concurrency: chance.pick([1, 2, 8]),
    ratePerSecond: chance.pick([1, 3, 50]),
    sweepMs: chance.pick([500, 1_000]),
    drainBudgetMs: chance.pick([300, 5_000]),
    sessionTimeoutMs: chance.pick([4_000, 8_000]),
    deliveryMs: chance.pick([5, 50, 2_000]),
  }
}

/** Each run draws which kinds occur at all: few kinds often find what many kinds seldom do. */
function ratesOf(chance: Chance): Plan['rates'] {
  const rates: Plan['rates'] = {}
  const maybe = (kind: keyof Plan['rates'], probability: number, most: number): void => {
    if (chance.happens(probability)) rates[kind] = most * (0.2 + 0.8 * chance.next())
  }
  for (const kind of ['crash-before-call', 'crash-after-call'] as const) maybe(kind, 0.4, 0.012)
  for (const kind of ['call-refused', 'answer-lost', 'call-slow'] as const) maybe(kind, 0.4, 0.03)
  for (const kind of modelFaults) maybe(kind, 0.35, 0.4)
  for (const kind of reviewerFaults) maybe(kind, 0.4, 0.8)
  maybe('redelivery', 0.4, 0.5)
  return rates
}

function mishapsOf(chance: Chance, faultsUntil: number): Mishap[] {
  const kinds = mishapKinds.filter((kind) => chance.happens(losses.some((loss) => loss === kind) ? 0.12 : 0.5))
  const count = kinds.length === 0 ? 0 : chance.whole(0, 5)
  return Array.from({ length: count }, () => ({
    at: chance.whole(100, faultsUntil),
    kind: chance.pick(kinds),
    service: chance.pick([...serviceNames, 'coordinator', 'coordinator'] as const),
    forMs: chance.whole(200, 15_000),
  })).sort((a, b) => a.at - b.at)
}
