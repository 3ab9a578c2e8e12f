/** What texts say, by their words. */
import { sameTextValue, textValues } from './text-values.ts'

const functionWords = new Set(
  'the and for are was were has have had this that with from your you our not will can may must its any all been they their them into than then when which who'.split(
    ' ',
  ),
)

/** Words that carry meaning: at least three letters, no common function word, cut to a short stem. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.filter((word) => /\d/.test(word) || (word.length > 2 && !functionWords.has(word))).map(stem)
}

const stem = (word: string): string => (/\d/.test(word) ? word : word.replace(/(ing|ed|es|s|ly)$/u, '').slice(0, 8))

export const sentencesOf = (text: string): string[] =>
  text.split(/(?<=[.!?])\s+|\n+/u).filter((sentence) => sentence.trim() !== '')

/** Whether a sentence says that something is not so. */
export const denies = (sentence: string): boolean =>
  /\b(?:not|no|never|none|cannot|nothing|neither|nor|without)\b|n['’]t\b/iu.test(sentence)

/** The words between the values. */
export function withoutValues(text: string): string {
  let rest = ''
  let from = 0
  for (const { start, text: value } of textValues(text)) {
    rest += text.slice(from, Math.max(from, start))
    from = Math.max(from, start + value.length)
  }
  return rest + text.slice(from)
}

/** Whether `text` says what `statement` says: every value and number of it, in whatever spelling, and at least `share` of its content words. */
export function mentions(text: string, statement: string, share = 0.6): boolean {
  const values = textValues(text)
  if (!textValues(statement).every((value) => values.some((other) => sameTextValue(value, other)))) return false
  const said = new Set(contentWords(text))
  const wanted = [...new Set(contentWords(withoutValues(statement)))]
  const numbers = wanted.filter((word) => /\d/.test(word))
  const found = wanted.filter((word) => said.has(word))
  return numbers.every((word) => said.has(word)) && found.length >= share * wanted.length
}

/** Whether `text` mentions `statement`, and denies what it denies and nothing else of it. */
export function conveys(text: string, statement: string): boolean {
  if (spaced(text).includes(spaced(statement))) return true
  return mentions(text, statement) && sentencesOf(statement).every((part) => denies(nearest(text, part)) === denies(part))
}

const spaced = (text: string): string => text.toLowerCase().replaceAll(/\s+/gu, ' ').trim()

/** The sentence of `text` that shares most words with `part`. */
function nearest(text: string, part: string): string {
  const wanted = new Set(contentWords(part))
  const shared = (sentence: string) => contentWords(sentence).filter((word) => wanted.has(word)).length
  return sentencesOf(text).reduce((best, sentence) => (shared(sentence) > shared(best) ? sentence : best), '')
}
