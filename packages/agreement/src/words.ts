/** Words that carry meaning: at least three letters, no common function word, cut to a short stem. */
const functionWords = new Set(
  'the and for are was were has have had this that with from your you our not will can may must its any all been they their them into than then when which who'.split(
    ' ',
  ),
)

export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.filter((word) => /\d/.test(word) || (word.length > 2 && !functionWords.has(word))).map(stem)
}

const stem = (word: string): string => (/\d/.test(word) ? word : word.replace(/(ing|ed|es|s|ly)$/u, '').slice(0, 8))

/** Whether `text` says what `statement` says: every number of it, and at least `share` of its content words. */
export function mentions(text: string, statement: string, share = 0.6): boolean {
  const said = new Set(contentWords(text))
  const wanted = [...new Set(contentWords(statement))]
  const numbers = wanted.filter((word) => /\d/.test(word))
  const found = wanted.filter((word) => said.has(word))
  return numbers.every((word) => said.has(word)) && found.length >= share * wanted.length
}
