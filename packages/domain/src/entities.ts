/** What the customer named, found by the domain's patterns: nothing is taken for an order number that does not look like one. */
import type { Entity } from '@concord/contracts'
import type { VocabularyFile } from './format.ts'

type Kind = VocabularyFile['entities'][number]

export interface Entities {
  /** Every entity in the text, each once, in the order of kinds, then of appearance. */
  find(text: string): Entity[]
  /** The value as the domain writes it, or null when it is none of that kind: for what a model says it saw. */
  normalise(kind: string, value: string): Entity | null
  /** What to ask the customer for: "the order number". */
  ask(kind: string): string
  readonly kinds: readonly string[]
}

/** As many as a triage holds. */
const most = 50

export function createEntities(kinds: readonly Kind[]): Entities {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]))
  const find = (text: string) => unique(kinds.flatMap((kind) => matches(kind, text))).slice(0, most)
  return {
    kinds: kinds.map(({ kind }) => kind),
    find,
    normalise(kind, value) {
      const spec = byKind.get(kind)
      return spec === undefined ? null : (matches(spec, value)[0] ?? null)
    },
    ask: (kind) => byKind.get(kind)?.ask ?? `the ${kind.replaceAll(/[_-]/g, ' ')}`,
  }
}

function matches(spec: Kind, text: string): Entity[] {
  return [...text.matchAll(new RegExp(spec.pattern, 'giu'))]
    .map((match) => (match[1] ?? match[0]).trim())
    .filter((value) => value !== '')
    .map((value) => ({ kind: spec.kind, value: withPrefix(spec, spec.upper ? value.toUpperCase() : value).slice(0, 200) }))
}

function withPrefix(spec: Kind, value: string): string {
  return spec.prefix === '' || value.startsWith(spec.prefix) ? value : spec.prefix + value
}

function unique(entities: readonly Entity[]): Entity[] {
  return [...new Map(entities.map((entity) => [`${entity.kind}:${entity.value}`, entity])).values()]
}

/** How claims and verdicts name an entity. */
export function subjectOf(entity: Entity): string {
  return `${entity.kind}:${entity.value}`
}
