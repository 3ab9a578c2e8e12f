/** Invariant 12: whatever nobody can read is a dead letter of everyone who should have read it. */
import { requests } from '@concord/contracts'
import type { ServiceName } from '@concord/dev-env'
import { header, placeOf, type Check } from './facts.ts'

/** @param readers of a topic, by its full name. */
export const badInput =
  (readers: (topic: string) => readonly ServiceName[]): Check =>
  ({ appended, bad }) => {
    const letters = new Set(
      appended.map(
        (one) =>
          `${header(one, 'x-consumer-group')} ${header(one, 'x-original-topic')}/${header(one, 'x-original-partition')}@${header(one, 'x-original-offset')}`,
      ),
    )
    const ids = new Set(bad.map(({ headers }) => String(headers['ce_id'])))
    return appended
      .filter((one) => one.value === null && ids.has(header(one, 'ce_id') ?? '') && header(one, 'x-original-topic') === undefined)
      .flatMap((one) => {
        const { topic } = one.record
        // A request that nobody can read is the coordinator's alone to put aside.
        const owed = topic === requests.name ? (['coordinator'] as const) : readers(topic)
        return owed
          .filter((group) => !letters.has(`${group} ${placeOf(one)}`))
          .map((group) => `${group} has put ${placeOf(one)} nowhere.`)
      })
  }
