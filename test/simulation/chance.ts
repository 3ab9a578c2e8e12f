/** All chance of a run: numbers that follow from the seed alone. */
export interface Chance {
  /** In [0, 1). */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  happens(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** A source of its own, so that what one part draws does not move the others. */
  fork(name: string): Chance
}

export function createChance(seed: number | string): Chance {
  const next = generator(digest(String(seed)))
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    whole,
    happens: (probability) => probability > 0 && next() < probability,
    pick<T>(items: readonly T[]): T {
      const picked = items[Math.floor(next() * items.length)]
      if (items.length === 0) throw new RangeError('there is nothing to pick from')
      return picked as T
    },
    fork: (name) => createChance(`${seed}/${name}`),
  }
}

/** Small fast counting generator, 32 bits at a time (Doty-Humphrey's sfc32). */
function generator([first, second, third, fourth]: readonly [number, number, number, number]): () => number {
  let [a, b, c, count] = [first, second, third, fourth]
  const draw = (): number => {
    const sum = (a + b + count) | 0
    count = (count + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) draw()
  return draw
}

/** Four words that depend on every character (FNV-1a, from four starts). */
function digest(text: string): [number, number, number, number] {
  const hash = (start: number): number => {
    let value = start
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
    return value | 0
  }
  return [hash(0x811c9dc5), hash(0x9dc5811c), hash(0x1234567), hash(0x7654321)]
}
