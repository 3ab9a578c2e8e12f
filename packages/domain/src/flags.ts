/** Risk flags that words alone raise: a threat of legal action must not depend on a model's mood. */
import type { VocabularyFile } from './format.ts'

export type Flag = VocabularyFile['flags'][number]

export interface Flags {
  /** Ids of the flags whose patterns the text matches, in the domain's order. */
  find(text: string): string[]
  /** What a flag leads to; null for one that the domain does not know. */
  route(id: string): Flag['route'] | null
  readonly all: readonly Flag[]
}

export function createFlags(flags: readonly Flag[]): Flags {
  const compiled = flags.map((flag) => ({ flag, patterns: flag.patterns.map((pattern) => new RegExp(pattern, 'iu')) }))
  const routes = new Map(flags.map((flag) => [flag.id, flag.route]))
  return {
    all: flags,
    find: (text) => compiled.filter(({ patterns }) => patterns.some((pattern) => pattern.test(text))).map(({ flag }) => flag.id),
    route: (id) => routes.get(id) ?? null,
  }
}
