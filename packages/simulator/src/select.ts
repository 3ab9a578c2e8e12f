/** Skill: the few items of a section that answer the message, and in each the sentence that fits best. */
import type { Prompt } from './prompt.ts'
import { rank, type Ranked } from './relevance.ts'
import { strings, type Item } from './sections.ts'
import { contentStems, sentences } from './text.ts'

/** An item must cover this share of the message's meaning, and come this near to the best one. */
const least = { coverage: 0.3, ofBest: 0.6 }
const most = 3

export function selectItems(prompt: Prompt, items: readonly Item[], limit = most): Ranked[] {
  const alone = relevant(rank(prompt.message, items, prompt.hint))
  const before = prompt.earlier.at(-1)
  const found =
    alone.length > 0 || before === undefined ? alone : relevant(rank(`${before} ${prompt.message}`, items, prompt.hint))
  return found.slice(0, Math.min(limit, most))
}

function relevant(ranked: readonly Ranked[]): Ranked[] {
  const top = ranked[0]?.score ?? 0
  return ranked.filter((entry) => entry.coverage >= least.coverage && entry.score >= top * least.ofBest)
}

/** The sentence of the item's text, verbatim, that shares most with the message; its first one where none shares anything. */
export function bestSentence(prompt: Prompt, item: Item): string {
  const { text, statement, description } = item.fields
  const body = [text, statement, description].flatMap(strings)[0] ?? ''
  const all = sentences(body)
  const candidates = all.map((sentence, at) => ({ id: `${at}`, section: item.section, fields: { text: sentence } }))
  const best = rank(prompt.message, candidates, prompt.hint).find(
    (entry) => contentStems(entry.item.fields.text as string).length > 1,
  )
  return best === undefined || best.score === 0 ? (all[0] ?? '') : (best.item.fields['text'] as string)
}
