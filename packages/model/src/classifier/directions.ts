/** Words that turn a message around: "unsubscribe" against "subscribe", "add" against "remove". */

export interface Directions {
  /** `n-` and `n+` for the words of the n-th pair of opposites. */
  sides: ReadonlySet<string>
  /** Beginnings of all words, and of what follows "un", "dis" and the like. */
  stems: ReadonlySet<string>
  turned: ReadonlySet<string>
}

/** Without their endings. */
const opposites = [
  ['activ', 'deactiv'],
  ['add', 'remov'],
  ['add', 'delet'],
  ['after', 'before'],
  ['accept', 'reject'],
  ['buy', 'sell'],
  ['cheap', 'expensiv'],
  ['creat', 'delet'],
  ['early', 'late'],
  ['first', 'last'],
  ['increas', 'decreas'],
  ['less', 'more'],
  ['new', 'old'],
  ['open', 'clos'],
  ['receiv', 'send'],
  ['start', 'stop'],
  ['sign', 'unsubscrib'],
  ['upgrad', 'downgrad'],
  ['upload', 'download'],
] as const

const stemLetters = 6
/** Enough must follow that "under" is not taken apart. */
const prefix = /^(?:un|dis|non|mis)(?=\p{L}{4})/u

export function directionsOf(words: readonly string[]): Directions {
  const sides = opposites.flatMap(([one, other], n) => [
    ...(words.some((word) => word.startsWith(one)) ? [`${n}-`] : []),
    ...(words.some((word) => word.startsWith(other)) ? [`${n}+`] : []),
  ])
  return {
    sides: new Set(sides),
    stems: new Set(words.map((word) => word.slice(0, stemLetters))),
    turned: new Set(words.filter((word) => prefix.test(word)).map((word) => word.replace(prefix, '').slice(0, stemLetters))),
  }
}

/** Whether one says the opposite of what the other says, each without saying both. */
export function turnsAround(a: Directions, b: Directions): boolean {
  const opposed = opposites.some((_, n) => only(a, `${n}-`, `${n}+`, b) || only(b, `${n}-`, `${n}+`, a))
  return opposed || prefixed(a, b) || prefixed(b, a)
}

function only(a: Directions, side: string, other: string, b: Directions): boolean {
  return a.sides.has(side) && !a.sides.has(other) && b.sides.has(other) && !b.sides.has(side)
}

function prefixed(a: Directions, b: Directions): boolean {
  return [...a.turned].some((stem) => b.stems.has(stem) && !b.turned.has(stem) && !a.stems.has(stem))
}
