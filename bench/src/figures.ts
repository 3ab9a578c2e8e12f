/** Medians, percentiles and how they are written. Pure. */

/** A figure that was taken several times. */
export interface Figure {
  median: number
  least: number
  most: number
}

export function figure(values: readonly number[]): Figure {
  return { median: percentile(values, 0.5), least: Math.min(...values), most: Math.max(...values) }
}

/** The value below or at which that share of them lies, by nearest rank. @param share 0 to 1; of no values there is none: NaN */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** `1,234 (1,100–1,300)`, or the number alone where it was taken once. */
export function shown({ median, least, most }: Figure, digits = 0): string {
  const write = (value: number): string => written(value, digits)
  return least === most ? write(median) : `${write(median)} (${write(least)}–${write(most)})`
}

export const written = (value: number, digits = 0): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
