import { turnsAround } from './directions.ts'
import { senseOf, type NamedEntity, type Sense } from './sense.ts'

/** Why the answer to one message may not serve another. */
export type Difference = 'number' | 'entity' | 'negation' | 'opposite'

/** The first thing that keeps the answer to one of two messages from serving the other; null when nothing does. Symmetric. */
export function differenceOf(a: Sense, b: Sense): Difference | null {
  if (!equal(a.numbers, b.numbers)) return 'number'
  if (!equal(a.entities, b.entities)) return 'entity'
  if (!a.capitals.every((name) => b.words.has(name)) || !b.capitals.every((name) => a.words.has(name))) return 'entity'
  if (a.negations !== b.negations) return 'negation'
  return turnsAround(a.directions, b.directions) ? 'opposite' : null
}

/**
 * Whether the answer to one message may serve the other as far as numbers, names, negation and direction go.
 * @param find the domain's own patterns: entities that must be equal
 */
export function sameEntities(a: string, b: string, find?: (text: string) => readonly NamedEntity[]): boolean {
  return differenceOf(senseOf(a, find), senseOf(b, find)) === null
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, n) => value === b[n])
}
