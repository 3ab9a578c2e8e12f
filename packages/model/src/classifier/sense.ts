/**
 * What two messages must have in common before the answer to one may serve the other: numbers, names, negation, direction.
 * Likeness of words does not see them: "refund order 5510" is very like "refund order 5511".
 */
import { contentHash } from '@concord/contracts'
import { directionsOf, type Directions } from './directions.ts'
import { readUnits } from './normal-form.ts'

export interface NamedEntity {
  kind: string
  value: string
}

/** Lists are sorted and hold each value once. */
export interface Sense {
  /** With the letters and signs that belong to them; numerals and currencies too. */
  numbers: readonly string[]
  /** Addresses, links, slots, days and months, names after a title, and what the domain's patterns find. */
  entities: readonly string[]
  /** Words with a capital inside a sentence, in lower case: where the other message lacks them, they are names. */
  capitals: readonly string[]
  negations: number
  directions: Directions
  words: ReadonlySet<string>
}

const entityPatterns = [
  /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}/g,
  /\bhttps?:\/\/\S{1,200}/g,
  /\{\{[^{}]{1,60}\}\}/g,
  /\b(?:mr|mrs|ms|miss|dr|prof)\.?\s{1,3}\p{L}{1,40}/gu,
  /\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/g,
  /\b(?:january|february|april|june|july|august|september|october|november|december)\b/g,
  /\b(?:today|tonight|tomorrow|yesterday)\b/g,
  /\bsize\s{1,3}[a-z]{1,3}\b/g,
]
const money = /[€£$¥]|\b(?:eur|usd|gbp|euros?|dollars?|pounds?)\b/g
/** Ids keep up to four letters before their digits; parts joined by a sign are one number. */
const number = /\p{L}{0,4}-?\p{Nd}{1,40}(?:[-.,:/]\p{Nd}{1,40}){0,10}/gu
const word = /\p{L}+(?:['’]\p{L}+)*/gu
/** A capital after the end of a sentence, or at the very start, says nothing. */
const inSentence = /(?<=[\p{L}\p{N},;:'")]\s{1,3})\p{Lu}[\p{L}'’-]*/gu
const negation =
  /^(?:no|not|none|never|nobody|nothing|nowhere|neither|nor|without|cannot|cant|dont|doesnt|didnt|wont|wouldnt|shouldnt|couldnt|isnt|arent|wasnt|werent|hasnt|havent|hadnt|aint|unable|\p{L}{1,12}n['’]t)$/u
/** "one" is left out: it mostly stands for a thing. */
const numerals = new Set(
  'zero two three four five six seven eight nine ten eleven twelve twice both half second third'.split(' '),
)

/** Reads the whole text: what is too long to be compared by its words serves only its like. @param find the domain's own patterns */
export function senseOf(text: string, find: (text: string) => readonly NamedEntity[] = () => []): Sense {
  const read = text.slice(0, readUnits).normalize('NFKC')
  const rest = text.slice(readUnits)
  const lower = read.toLowerCase()
  const words = lower.match(word) ?? []
  const found = entityPatterns.flatMap((pattern) => lower.match(pattern) ?? []).map((one) => one.replaceAll(/[\s.]+/g, ' '))
  const named = find(text).map(({ kind, value }) => `${kind}:${value}`)
  return {
    numbers: sorted([
      ...(lower.match(number) ?? []).map(withoutThousands),
      ...words.filter((one) => numerals.has(one)),
      ...(lower.match(money) ?? []).map(currencyOf),
    ]),
    entities: sorted([...found, ...named, ...(rest === '' ? [] : [`rest:${contentHash(rest)}`])]),
    capitals: sorted(capitalsOf(read)),
    negations: words.filter((one) => negation.test(one)).length,
    directions: directionsOf(words),
    words: new Set(words),
  }
}

/** None where everything is written in capitals. */
function capitalsOf(read: string): string[] {
  if (!/\p{Ll}/u.test(read)) return []
  return (read.match(inSentence) ?? [])
    .map((one) => one.toLowerCase())
    .filter((one) => !/^(?:i(?:['’].*)?|eur|usd|gbp)$/.test(one))
}

const withoutThousands = (written: string): string => written.replaceAll(/(?<=\d),(?=\d{3}\b)/g, '')

function currencyOf(written: string): string {
  if (/^(?:€|eur)/.test(written)) return 'in €'
  if (/^(?:£|gbp|pound)/.test(written)) return 'in £'
  return /^(?:\$|usd|dollar)/.test(written) ? 'in $' : `in ${written}`
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted()
}
