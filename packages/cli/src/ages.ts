/** How long ago, or how long, for a person: two digits say enough. */

const steps = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** `3 d`, `5 h`, `12 min`, `8 s`, `40 ms`. @param ms zero or more */
export function duration(ms: number): string {
  const [size, name] = steps.find(([least]) => ms >= least) ?? [1, 'ms']
  const count = ms / size
  return `${count < 10 && size > 1 ? Number(count.toFixed(1)) : Math.floor(count)} ${name}`
}
