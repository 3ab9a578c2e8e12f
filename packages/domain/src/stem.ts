/** English word endings taken off, so that "returned" finds "returns". Other languages are matched as they are written. */

/** @returns the word without plural, -ing and -ed; words of three letters, and all with a digit, stay whole. */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word
  return undouble(withoutParticiple(withoutPlural(word)))
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  if (/[^su]s$/.test(word)) return word.slice(0, -1)
  return word
}

function withoutParticiple(word: string): string {
  const match = /^(.*[aeiouy].*?)(?:ing|ed|ly|e)$/.exec(word)
  return match !== null && match[1]!.length >= 3 ? match[1]! : word
}

/** shipp → ship, but not call or miss. */
function undouble(word: string): string {
  return /([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word
}

const functionWords = new Set(
  (
    'a an the and or but if of to in on at by for from with about as is are was were be been am do does did have has had i me my you your ' +
    'we our us it its they them their he she this that these those there here what which who when where how why can could will would ' +
    'shall should may might must not no so just please hi hello hey thanks thank want need like get got im ive id'
  ).split(' '),
)

/** Lower-cased stem of a word to search for, or null for one that says nothing. */
export function searchTerm(word: string): string | null {
  const lower = word.toLowerCase().replace(/['’]/g, '')
  return functionWords.has(lower) || lower === '' ? null : stem(lower)
}
