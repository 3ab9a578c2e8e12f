/** What an operator can do with dead letters: look, replay, discard. */
import { Fault, type Codec } from '@concord/contracts'
import type { Broker, InRecord, OutRecord, TopicPartition } from '@concord/messaging'
import { replayOf, settlementRecord } from '@concord/runtime'
import type { Store } from '@concord/store'
import { createLetterBook } from './book.ts'
import type { DeadLetter } from './dead-letter.ts'
import { letterPage, type LetterPage } from './page.ts'
import { refusal } from './refusal.ts'
import { caseStanding, ownerOf, type CaseOwner, type CaseStanding } from './standing.ts'

export interface ReplayWish {
  id: string
  /** Who decides it. */
  by: string
  /** Sends what was settled before, or has come back too often. */
  force: boolean
}

export type ReplayResult = { id: string; outcome: 'sent'; replays: number } | { id: string; outcome: 'refused'; why: string }

export interface DiscardWish {
  id: string
  by: string
  reason: string
}

export interface LetterDesk {
  letters(): Promise<DeadLetter[]>
  page(id: string, reveal: boolean): Promise<LetterPage>
  standings(owners: readonly CaseOwner[]): Promise<CaseStanding[]>
  /** Sends the message again, then notes that it did. */
  replay(wish: ReplayWish): Promise<ReplayResult>
  /** @throws Fault `invalid_input` for a letter that is settled already */
  discard(wish: DiscardWish): Promise<void>
}

export interface LetterDeskOptions {
  broker: Broker
  store: Store
  codec: Codec
  send(records: OutRecord[]): Promise<void>
}

export function createLetterDesk({ broker, store, codec, send }: LetterDeskOptions): LetterDesk {
  const book = createLetterBook({ broker, codec })

  async function find(id: string): Promise<DeadLetter> {
    const found = await book.find(id)
    if (found !== undefined) return found
    throw new Fault('not_found', `there is no dead letter ${id}.`, { mend: 'See ./concord dlq list --all.' })
  }

  /** The letter's record, and the one that has the message: the same, unless something did not fit into the letter. */
  async function recordsOf(letter: DeadLetter): Promise<{ record: InRecord; source: InRecord }> {
    const record = await recordAt(broker, letter)
    return { record, source: letter.omitted === 'nothing' ? record : await recordAt(broker, letter.original) }
  }

  return {
    letters: () => book.all(),
    async page(id, reveal) {
      const letter = await find(id)
      const owner = ownerOf(letter)
      const standing = owner && (await caseStanding(store, owner))
      return letterPage({ codec, letter, standing, ...(await recordsOf(letter)), reveal })
    },
    standings: (owners) => Promise.all(owners.map((owner) => caseStanding(store, owner))),
    async replay({ id, by, force }) {
      const letter = await find(id)
      const why = force ? null : refusal(letter)
      if (why !== null) return { id: letter.id, outcome: 'refused', why }
      const { source } = await recordsOf(letter)
      // In this order: noted first, a letter that was never sent would count as replayed. Sent twice, it is only a redelivery.
      await send([replayOf({ ...letter, stack: '' }, source)])
      await send([settlementRecord(letter, { action: 'replayed', by, reason: '' })])
      return { id: letter.id, outcome: 'sent', replays: letter.replays + 1 }
    },
    async discard({ id, by, reason }) {
      const letter = await find(id)
      const [settled] = letter.settlements
      if (settled !== undefined) throw new Fault('invalid_input', `${letter.id} was ${settled.action} by ${settled.by} before.`)
      await send([settlementRecord(letter, { action: 'discarded', by, reason })])
    },
  }
}

async function recordAt(broker: Broker, { topic, partition, offset }: TopicPartition & { offset: number }): Promise<InRecord> {
  for await (const records of broker.read({ topic, partition }, { from: offset, to: offset + 1 })) {
    const [record] = records
    if (record !== undefined) return record
  }
  throw new Fault('not_found', `${topic}/${partition} no longer holds offset ${offset}.`)
}
