import type { Admin, Broker, InRecord, TopicPartition } from '@concord/messaging'
import { readLetter } from './letter.ts'
import { readSettlement } from './settlement.ts'

/** Letters that were neither replayed nor discarded. */
export interface OpenLetters {
  count: number
  /** When the oldest of them was written, in milliseconds since the epoch. */
  oldestAt: number | null
}

/** Counts the open letters of dead-letter topics; what it has read once it does not read again. */
export interface LetterCount {
  /** @throws Fault `not_found` for a topic that does not exist */
  measure(topic: string, admin: Admin): Promise<OpenLetters>
}

interface Followed extends TopicPartition {
  position: number
  /** When each open letter was written, by its offset, in the order of the log. */
  open: Map<number, number>
}

export function createLetterCount(broker: Pick<Broker, 'read'>): LetterCount {
  const followed = new Map<string, Followed>()
  /** One at a time for each topic: two who read on from one position would count twice. */
  const turns = new Map<string, Promise<OpenLetters>>()

  async function measure(topic: string, admin: Admin): Promise<OpenLetters> {
    const partitions: Followed[] = []
    for (const { partition, low, high } of await admin.topicOffsets(topic)) {
      const place = `${topic}/${partition}`
      const at = followed.get(place) ?? { topic, partition, position: low, open: new Map() }
      followed.set(place, at)
      if (high < at.position) Object.assign(at, { position: low, open: new Map() }) // the topic was made anew
      if (high > at.position) await readOn(broker, at, high)
      for (const offset of at.open.keys()) if (offset < low) at.open.delete(offset)
      partitions.push(at)
    }
    const times = partitions.flatMap(({ open }) => [...open.values()])
    return { count: times.length, oldestAt: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)) }
  }

  return {
    measure(topic, admin) {
      const before = turns.get(topic) ?? Promise.resolve()
      const turn = before.catch(() => undefined).then(() => measure(topic, admin))
      turns.set(topic, turn)
      return turn
    },
  }
}

async function readOn(broker: Pick<Broker, 'read'>, at: Followed, high: number): Promise<void> {
  for await (const records of broker.read(at, { from: at.position, to: high })) {
    for (const record of records) note(at.open, record)
    at.position = (records.at(-1)?.offset ?? at.position) + 1
  }
  at.position = high
}

function note(open: Map<number, number>, record: InRecord): void {
  const settled = readSettlement(record)
  if (settled !== null) open.delete(settled.offset)
  else if (readLetter(record) !== null) open.set(record.offset, record.timestamp)
}
