/** Words, stems and n-grams: what every skill reads a text by. */

/** Lower case without marks: `Größe` and `GROSSE` meet. */
export function fold(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').replace(/[’‘]/g, "'")
}

/** Words of the folded text; apostrophes fall away, so that `don't` and `dont` are one word. */
export function words(text: string): string[] {
  return (fold(text).match(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu) ?? []).map((word) => word.replaceAll("'", ''))
}

const suffixes = ['ations', 'ation', 'ments', 'ment', 'ings', 'ions', 'ing', 'ies', 'ied', 'ion', 'ed', 'es', 'ly', 's', 'e', 'y']

/** A light stem, good enough to match `cancelling`, `cancelled` and `cancellation`. */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word
  const suffix = suffixes.find(
    (end) => word.endsWith(end) && word.length - end.length >= 3 && !(end === 's' && word.endsWith('ss')),
  )
  const base = suffix === undefined ? word : word.slice(0, -suffix.length)
  return /([^aeiou])\1$/.test(base) && base.length > 4 && !base.endsWith('ss') ? base.slice(0, -1) : base
}

/** Character n-grams of one word with its boundaries marked. */
export function charGrams(word: string, from: number, to: number): string[] {
  const marked = ` ${word} `
  const grams: string[] = []
  for (let size = from; size <= to; size++) {
    for (let at = 0; at + size <= marked.length; at++) grams.push(marked.slice(at, at + size))
  }
  return grams
}

/** Sentences as verbatim substrings of the text. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?…。])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

const plain = `a an the this that these those i me my mine you your u ur ya we us our it its he she they them is am are was were be been being do does did
done dont doesnt didnt have has had having will would can could cannot cant should shall may might must of to in on at by for from with about into as and or
but if so not no yes what which who whom whose when where why how there here some any all im ive id ill youre theres its please want wants wanted need needs
needed like know tell let lets help helping assist assistance assisting get got getting give make go going see just also too very really still now then than hi hello hey thanks
thank try trying another other one ones same both again could possible able way ok okay damn goddamn fucking freaking shit`

/** Words that say little about what a message is about. */
export const fillers: ReadonlySet<string> = new Set(words(plain))

/** Stems of the words that carry meaning. */
export function contentStems(text: string): string[] {
  return words(text)
    .filter((word) => !fillers.has(word) && (word.length > 1 || /\d|[^\x20-\x7e]/.test(word)))
    .map(stem)
}
