/** Every dead letter and what has become of it, as the dead-letter topics say. What was read once is not read again. */
import type { Codec } from '@concord/contracts'
import type { Admin, Broker, InRecord, TopicPartition } from '@concord/messaging'
import { placeOfLetter, readSettlement } from '@concord/runtime'
import { readDeadLetter, type DeadLetter } from './dead-letter.ts'

export interface LetterBook {
  /** Oldest first. */
  all(): Promise<DeadLetter[]>
  /** Looks at one topic only. @param id in short or in full; undefined where no such letter is kept */
  find(id: string): Promise<DeadLetter | undefined>
}

interface Chapter extends TopicPartition {
  position: number
  letters: Map<number, DeadLetter>
}

export function createLetterBook({ broker, codec }: { broker: Broker; codec: Codec }): LetterBook {
  const chapters = new Map<string, Chapter>()
  let last: Promise<unknown> = Promise.resolve()

  /** One reading at a time: two who read on from one position would note things twice. */
  function readOn(topicsOf: (admin: Admin) => Promise<string[]>): Promise<void> {
    const reading = last
      .catch(() => undefined)
      .then(async () => {
        const admin = await broker.admin()
        try {
          for (const topic of await topicsOf(admin)) await readTopic(topic, admin)
        } finally {
          await admin.close()
        }
      })
    last = reading
    return reading
  }

  async function readTopic(topic: string, admin: Admin): Promise<void> {
    for (const { partition, low, high } of await admin.topicOffsets(topic)) {
      const chapter = chapters.get(`${topic}/${partition}`) ?? { topic, partition, position: low, letters: new Map() }
      chapters.set(`${topic}/${partition}`, chapter)
      if (high < chapter.position) Object.assign(chapter, { position: low, letters: new Map() }) // the topic was made anew
      for (const offset of chapter.letters.keys()) if (offset < low) chapter.letters.delete(offset)
      if (high > chapter.position) await readChapter(chapter, high)
    }
  }

  async function readChapter(chapter: Chapter, high: number): Promise<void> {
    for await (const records of broker.read(chapter, { from: chapter.position, to: high })) {
      for (const record of records) await note(chapter, record)
      chapter.position = (records.at(-1)?.offset ?? chapter.position) + 1
    }
    chapter.position = high
  }

  async function note(chapter: Chapter, record: InRecord): Promise<void> {
    const settlement = readSettlement(record)
    if (settlement !== null) return void chapter.letters.get(settlement.offset)?.settlements.push(settlement)
    const letter = await readDeadLetter(codec, record)
    if (letter !== null) chapter.letters.set(record.offset, letter)
  }

  return {
    async all() {
      await readOn(async (admin) => [...(await admin.listTopics()).keys()].filter((topic) => topic.endsWith('.dlq')))
      const letters = [...chapters.values()].flatMap((chapter) => [...chapter.letters.values()])
      return letters.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    },
    async find(id) {
      const place = placeOfLetter(id)
      if (place === null) return undefined
      const { topic, partition, offset } = place
      await readOn(async (admin) => ((await admin.listTopics()).has(topic) ? [topic] : []))
      return chapters.get(`${topic}/${partition}`)?.letters.get(offset)
    },
  }
}
