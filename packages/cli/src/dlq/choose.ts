import { Fault } from '@concord/contracts'
import type { Client } from '../client/client.ts'
import type { DeadLetter } from './dead-letter.ts'
import { isMeant, type LetterFilter } from './filter.ts'

/** The letters of these ids, or without any, those that fit. @throws Fault `not_found` naming the ids that no letter has */
export async function chooseLetters(client: Client, ids: readonly string[], filter: LetterFilter): Promise<DeadLetter[]> {
  const letters = await client.deadLetters()
  if (ids.length === 0) return letters.filter((letter) => isMeant(letter, filter))
  const known = new Map(letters.flatMap((letter) => [letter.id, fullId(letter)].map((id) => [id, letter] as const)))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) {
    throw new Fault('not_found', `there is no dead letter ${unknown.join(', ')}.`, { mend: 'See ./concord dlq list --all.' })
  }
  return [...new Set(ids.map((id) => known.get(id)).filter((letter) => letter !== undefined))]
}

const fullId = ({ topic, partition, offset }: DeadLetter): string => `${topic}/${partition}/${offset}`
