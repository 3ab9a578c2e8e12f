import type { Happening } from './happening.ts'
import type { Sighting } from './sighting.ts'

/** So long after its thaw, what a service says again may be the thawed member's. Milliseconds. */
const thawMs = 15_000

/** Messages of a service, said again after one of its members was thawed, under an id and with bytes that were known by then. */
export function countLateRepeats(sightings: readonly Sighting[], happenings: readonly Happening[]): number {
  const freezes = happenings.filter(({ cause }) => cause === 'freeze')
  const known = new Set<string>()
  let late = 0
  for (const { topic, messageId, content, maker, at } of sightings.toSorted((a, b) => a.at - b.at || a.offset - b.offset)) {
    const said = `${topic} ${messageId} ${content}`
    const isOfThawed = freezes.some(({ service, to }) => service === maker && at >= to && at < to + thawMs)
    if (known.has(said) && isOfThawed) late++
    known.add(said)
  }
  return late
}
