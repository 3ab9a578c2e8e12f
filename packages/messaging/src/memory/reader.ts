import type { InRecord, Progress, TopicPartition } from '../broker.ts'
import type { Topics } from './topics.ts'

/** Reads one partition on behalf of one member, for as long as that member holds it. */
export interface Reader extends TopicPartition {
  /** The offset to read next. */
  position(): number
  /** Lets records flow. */
  open(): void
  pause(): void
  resume(): void
  wake(): void
  close(): void
}

interface ReaderDeps {
  topics: Topics
  schedule: (run: () => void) => void
  isAvailable: () => boolean
}

const batchSize = 100

export function createReader(
  at: TopicPartition,
  start: number,
  deps: ReaderDeps,
  hand: (records: InRecord[], progress: Progress) => number | void | undefined,
): Reader {
  const { topic, partition } = at
  const log = deps.topics.log(at)
  let position = start
  let opened = false
  let paused = false
  let scheduled = false
  const unwatch = log?.watch(wake)

  function wake(): void {
    if (scheduled || !opened || paused || log === undefined || position >= log.high()) return
    scheduled = true
    deps.schedule(read)
  }

  function read(): void {
    scheduled = false
    if (!opened || paused || log === undefined || !deps.isAvailable()) return
    const records = log.read(position, batchSize)
    if (records.length === 0) return
    const progress = { topic, partition, position: position + records.length, high: log.high() }
    const taken = hand(records, progress) ?? records.length
    position += taken
    if (taken < records.length) paused = true
    wake()
  }

  return {
    topic,
    partition,
    position: () => position,
    open() {
      if (unwatch === undefined) return
      opened = true
      wake()
    },
    pause: () => void (paused = true),
    resume() {
      paused = false
      wake()
    },
    wake,
    close() {
      opened = false
      paused = true
      unwatch?.()
    },
  }
}
