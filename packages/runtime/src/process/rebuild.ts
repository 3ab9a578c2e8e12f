/** The cases of a partition, from its history into the store. */
import { stateLost, type Under } from '@concord/store'
import type { Deps } from '../deps.ts'
import { caseStoreKey } from '../keys.ts'
import { isOver } from './case-put.ts'
import type { Process } from './define-process.ts'
import { foldEntry, nothingFolded, type Folding, type HistoryEntry } from './fold.ts'
import { readHistory } from './read-history.ts'
import { verdictOn, type Surroundings, type Verdict } from './rebuilt-case.ts'
import type { RebuiltCounts } from './sentinel.ts'
import type { InputAt } from './turn-entry.ts'

export interface RebuildOptions<State, Event> {
  deps: Pick<Deps, 'broker' | 'codec' | 'store' | 'clock'>
  process: Process<State, Event>
  partition: number
  /** How long an ended case is kept after its last change. Milliseconds. */
  horizonMs: number
  /** Every write is refused unless this stands. Without it nothing is written, only counted. */
  under?: Under
  /** This case alone. */
  only?: string
  signal?: AbortSignal
}

export interface Rebuilt extends RebuiltCounts {
  /** Records of the history that cannot be read. They are left out. */
  unreadable: number
  /** Highest that the history names; 0 where it names none. */
  epoch: number
}

/** How many cases are written at a time. */
const atOnce = 32

/** A case on its way through the log. */
interface Course<State> {
  folding: Folding<State>
  lastAt: number
}

/** A case that was put away because it had ended: only as much of it as tells a repeat from news. */
interface PutAway {
  life: number
  epoch: number
  version: number
  verdict: Verdict['kind']
}

/** Rejects with `state_lost` when `under` no longer stands, and as the broker, the registry and the store do. */
export async function rebuildPartition<State, Event>(options: RebuildOptions<State, Event>): Promise<Rebuilt> {
  const { only } = options
  const counts: Rebuilt = { read: 0, written: 0, kept: 0, omitted: 0, broken: 0, unreadable: 0, epoch: 0 }
  const around = await surroundingsOf(options)
  const wanted = only === undefined ? () => true : (key: string) => key === only
  const again = await pass(options, around, counts, { wanted, putAway: true })
  if (again.size > 0) await pass(options, around, counts, { wanted: (key) => again.has(key), putAway: false })
  return counts
}

async function surroundingsOf<State, Event>({
  deps,
  process,
  partition,
  horizonMs,
}: RebuildOptions<State, Event>): Promise<Surroundings> {
  const admin = await deps.broker.admin()
  try {
    const committed = new Map<string, number>()
    for (const { name: topic } of process.consumes) {
      for (const { partition: of, offset } of await admin.committed(process.name, topic)) committed.set(`${topic}/${of}`, offset)
    }
    // An offset is committed when all that its message caused is acknowledged.
    const isDone = (input: InputAt | null): boolean =>
      input !== null && input.offset < (committed.get(`${input.topic}/${input.partition}`) ?? 0)
    return { partition, now: deps.clock.now(), horizonMs, isDone }
  } finally {
    await admin.close()
  }
}

interface Pass {
  wanted(key: string): boolean
  /** Cases that have ended leave the memory, which could not hold a horizon of them. */
  putAway: boolean
}

/** @returns the cases in which something happened after they had been put away: they need a pass of their own. */
async function pass<State, Event>(
  options: RebuildOptions<State, Event>,
  around: Surroundings,
  counts: Rebuilt,
  { wanted, putAway }: Pass,
): Promise<ReadonlySet<string>> {
  const { process } = options
  const courses = new Map<string, Course<State>>()
  const away = new Map<string, PutAway>()
  const again = new Set<string>()

  function take(next: HistoryEntry): void {
    const { case: key, epoch } = next.turn
    counts.epoch = Math.max(counts.epoch, epoch)
    if (!wanted(key) || again.has(key)) return
    const gone = away.get(key)
    if (gone !== undefined) {
      if (isRepeat(gone, next)) return
      again.add(key)
      counts.read--
      counts[gone.verdict]--
      return
    }
    courses.set(key, {
      folding: foldEntry(process, courses.get(key)?.folding ?? nothingFolded, next),
      lastAt: Math.max(next.at, courses.get(key)?.lastAt ?? 0),
    })
  }

  for await (const entries of readHistory(options, () => void counts.unreadable++)) {
    entries.forEach(take)
    if (!putAway) continue
    const over = [...courses].filter(([, { folding }]) => hasEnded(process, folding))
    const verdicts = await putAll(options, around, counts, over)
    for (const [at, [key, { folding }]] of over.entries()) {
      const { life, epoch, version } = folding.tip!
      away.set(key, { life, epoch, version, verdict: verdicts[at]! })
      courses.delete(key)
    }
  }
  for (const key of again) courses.delete(key)
  await putAll(options, around, counts, [...courses])
  return again
}

function isRepeat(gone: PutAway, { entry, turn }: HistoryEntry): boolean {
  if (turn.epoch !== gone.epoch) return turn.epoch < gone.epoch
  return turn.life === gone.life ? entry.caseVersion <= gone.version : turn.life < gone.life
}

function hasEnded<State, Event>(process: Process<State, Event>, { tip, pending }: Folding<State>): boolean {
  return process.closed !== undefined && pending.length === 0 && tip !== null && isOver(process, tip.state)
}

async function putAll<State, Event>(
  options: RebuildOptions<State, Event>,
  around: Surroundings,
  counts: Rebuilt,
  courses: readonly [string, Course<State>][],
): Promise<Verdict['kind'][]> {
  const verdicts: Verdict['kind'][] = []
  for (let first = 0; first < courses.length; first += atOnce) {
    options.signal?.throwIfAborted()
    const some = courses.slice(first, first + atOnce)
    verdicts.push(...(await Promise.all(some.map(([key, course]) => put(options, around, counts, key, course)))))
  }
  return verdicts
}

async function put<State, Event>(
  { process, deps: { store }, under }: RebuildOptions<State, Event>,
  around: Surroundings,
  counts: Rebuilt,
  key: string,
  { folding, lastAt }: Course<State>,
): Promise<Verdict['kind']> {
  const storeKey = caseStoreKey(process.name, key)
  const standing = await store.get(storeKey)
  const verdict = verdictOn(process, folding, lastAt, standing, around)
  if (under !== undefined && (verdict.kind === 'written' || verdict.kind === 'broken')) {
    const done = await store.put(storeKey, verdict.value, { ...verdict.beside, ifVersion: standing?.version ?? 0, under })
    if (!done.ok) throw stateLost(under.sentinel) // somebody else writes here, who has no business to
  }
  counts.read++
  counts[verdict.kind]++
  return verdict.kind
}
