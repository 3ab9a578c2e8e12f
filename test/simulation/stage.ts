/** What the parts of a run share: its plan, its chance, its time, and what is written down of it. */
import type { InRecord, MemoryBroker, OutRecord } from '@concord/messaging'
import { partitionOf } from '@concord/messaging'
import type { MemoryStore } from '@concord/store'
import type { VirtualClock } from '@concord/testing'
import type { Chance } from './chance.ts'
import type { Evidence } from './evidence.ts'
import type { Fixtures } from './fixtures.ts'
import type { History } from './history.ts'
import type { Life } from './life.ts'
import type { Plan } from './plan.ts'

export type FaultKind =
  | keyof Plan['rates']
  | Plan['mishaps'][number]['kind']
  | 'request-repeated'
  | 'request-id-reused'
  | 'bad-record'
  | 'late-delivery'

/** What may be away for a while. */
export type Part = 'broker' | 'store' | 'back-end'

export interface Stage {
  plan: Plan
  fixtures: Fixtures
  clock: VirtualClock
  chance: Chance
  history: History
  evidence: Evidence
  /** As they are, without faults. */
  broker: MemoryBroker
  store: MemoryStore
  /** How often each kind of fault has happened. */
  faults: Map<FaultKind, number>
  count(kind: FaultKind): void
  /** Whether something still goes wrong by itself. */
  isRough(): boolean
  /** Draws whether this kind happens now, and counts it. */
  draws(life: Life, kind: keyof Plan['rates']): boolean
  isAway(part: Part): boolean
  setAway(part: Part, away: boolean): void
  /** Puts records into the log, and writes down who did. Rejects with `broker_unavailable` while the broker is away. */
  append(by: string, records: readonly OutRecord[]): Promise<void>
  /** Who sent the record that stands there, and its place in the history. */
  origin(at: Pick<InRecord, 'topic' | 'partition' | 'offset'>): { seq: number; by: string } | undefined
  /** Calls back for every record that is put on the topic. */
  watch(topic: string, run: (record: OutRecord) => void): void
  /** Nobody outside of the services does anything any more. */
  isOver(): boolean
  close(): void
  /** Rejects when nothing is awaited any more: for what would hang on real timers otherwise. */
  over: Promise<never>
  end(): void
}

export type StageParts = Pick<Stage, 'plan' | 'fixtures' | 'clock' | 'chance' | 'history' | 'evidence' | 'broker' | 'store'>

export function createStage(parts: StageParts): Stage {
  const { plan, clock, broker, history } = parts
  const start = clock.now()
  const faults = new Map<FaultKind, number>()
  const gone = new Set<Part>()
  const log = createLogBook(parts)
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => undefined)
  let closed = false

  const count = (kind: FaultKind): void => void faults.set(kind, (faults.get(kind) ?? 0) + 1)
  const isRough = (): boolean => clock.now() - start < plan.faultsUntil

  return {
    ...parts,
    ...log,
    faults,
    count,
    isRough,
    draws(life, kind) {
      const rate = plan.rates[kind]
      if (rate === undefined || !isRough() || !life.chance.happens(rate)) return false
      count(kind)
      return true
    },
    isAway: (part) => gone.has(part),
    setAway(part, away) {
      history.note(part, away ? 'goes away' : 'is back')
      if (away) gone.add(part)
      else gone.delete(part)
      if (part === 'broker') broker.setAvailable(!away)
    },
    isOver: () => closed,
    close: () => void (closed = true),
    over: over.promise,
    end: () => over.reject(new Error('the run is over')),
  }
}

/** Every record goes into the log here, so that its place in it is known without reading. */
function createLogBook({ broker, history, plan, fixtures }: StageParts): Pick<Stage, 'append' | 'origin' | 'watch'> {
  const producing = broker.producer({ clientId: 'simulation' })
  const partitions = new Map(fixtures.topics(plan.settings.partitions).map((spec) => [spec.topic, spec.partitions]))
  const ends = new Map<string, number>()
  const origins = new Map<string, { seq: number; by: string }>()
  const watching = new Map<string, ((record: OutRecord) => void)[]>()

  function enter(by: string, record: OutRecord): void {
    const { topic, key, headers } = record
    const partition = record.partition ?? partitionOf(key ?? '', partitions.get(topic) ?? 1)
    const place = `${topic}/${partition}`
    const offset = ends.get(place) ?? 0
    ends.set(place, offset + 1)
    const id = typeof headers['ce_id'] === 'string' ? headers['ce_id'].slice(0, 8) : ''
    const seq = history.note(by, `sent ${topic}/${partition}@${offset} ${String(headers['ce_subject'] ?? '')} ${id}`)
    origins.set(`${place}@${offset}`, { seq, by })
    for (const run of watching.get(topic) ?? []) run(record)
  }

  return {
    async append(by, records) {
      if (records.length === 0) return
      const producer = await producing
      await producer.send([...records])
      for (const record of records) enter(by, record)
    },
    origin: ({ topic, partition, offset }) => origins.get(`${topic}/${partition}@${offset}`),
    watch: (topic, run) => void watching.set(topic, [...(watching.get(topic) ?? []), run]),
  }
}
