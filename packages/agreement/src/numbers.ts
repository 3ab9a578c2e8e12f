/** Numbers as people write them: digits with thousands and decimals in either style, and English words. */

const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** Nothing before it that would make it a part of an id, a time or another number. */
export const numberStart = String.raw`(?<![\p{L}\d_])(?<!\d[.,:])`

/** Groups of three are thousands, by whatever they are parted. */
export const digits = String.raw`(?:[1-9]\d{0,2}(?:[.,'’ \u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,4}(?!\d))?(?!\d))`

/** Digits, or a number below a thousand in words. */
export const spoken = String.raw`(?:${digits}|(?:a|${ones.slice(1, 10).join('|')})[\s-]hundred|(?:${tens.join('|')})(?:[\s-](?:${ones.slice(1, 10).join('|')})\b)?|(?:${ones.toReversed().join('|')})\b)`

/** @param text what `digits` or `spoken` has matched; null for what they would not. */
export function toNumber(text: string): number | null {
  return /\d/.test(text) ? fromDigits(text) : fromWords(text.toLowerCase().split(/[\s-]+/u))
}

function fromDigits(text: string): number | null {
  const grouped = /^[1-9]\d{0,2}(?:[.,'’ \u00a0\u2009\u202f]\d{3})+(?!\d)/u.exec(text)?.[0] ?? ''
  const whole = grouped === '' ? (/^\d+/.exec(text)?.[0] ?? '') : grouped.replaceAll(/\D/g, '')
  const decimals = text.slice(grouped === '' ? whole.length : grouped.length).replace(/^[.,]/, '')
  const number = Number(`${whole}.${decimals === '' ? '0' : decimals}`)
  return Number.isNaN(number) ? null : number
}

function fromWords([first = '', second]: readonly string[]): number | null {
  if (second === 'hundred') return (first === 'a' ? 1 : ones.indexOf(first)) * 100
  const ten = tens.indexOf(first)
  if (ten !== -1) return (ten + 2) * 10 + (second === undefined ? 0 : ones.indexOf(second))
  const one = ones.indexOf(first)
  return one === -1 ? null : one
}
