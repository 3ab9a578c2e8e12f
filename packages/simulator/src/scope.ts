/** What the skills share while one answer is filled in. */
import type { Composition } from './compose.ts'
import { nameWords } from './cues.ts'
import type { Prompt } from './prompt.ts'
import type { Json } from './schema.ts'
import type { Item, Section } from './sections.ts'

/** The item that an object of a list is about. */
export interface Subject {
  item: Item
  /** The property that names the item. */
  idProperty: string
  /** What of the item, or of the message, the object quotes. */
  quote: string
  /** 0 to 1. */
  certainty: number
}

export interface Scope {
  prompt: Prompt
  root: Json
  composition: Composition | null
  subject: Subject | null
  /** Objects around this one; schemas may refer to themselves. */
  depth: number
  /** Collected on the way, for the properties that sum the answer up. */
  found: { certainties: number[]; inScope: boolean | null; selected: number }
}

/** Whether a property's name speaks of the section's items: `claimIds` of `claims`. */
export function refersTo(name: string, section: string): boolean {
  const noun = nameWords(section).at(-1)
  return noun !== undefined && nameWords(name).includes(noun)
}

/** The section whose items the values of an enum stand for, or, where any value will do, the one the property is named after. */
export function sectionFor(prompt: Prompt, name: string, values: readonly unknown[]): Section | undefined {
  if (values.length === 0) return prompt.sections.find((section) => section.items.length > 0 && refersTo(name, section.name))
  const candidates = prompt.sections
    .map((section) => ({
      section,
      hits: section.items.filter((item) => values.includes(item.id)).length,
      named: refersTo(name, section.name),
    }))
    .filter(({ hits }) => hits > 0 && (hits >= values.length / 2 || values.length - hits <= 2))
  return candidates.sort((a, b) => b.hits - a.hits || Number(b.named) - Number(a.named))[0]?.section
}
