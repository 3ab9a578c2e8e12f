/** How good a classifier is, from what it said and what was right. Pure. */
import type { Classification } from '@concord/model'

export interface Answer {
  said: Classification
  right: string
}

export const isRight = ({ said, right }: Answer): boolean => said.ranked[0].label === right

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

export function deviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}

export const accuracy = (answers: readonly Answer[]): number => mean(answers.map((answer) => Number(isRight(answer))))

/** Each label counts as much as every other. */
export function macroF1(answers: readonly Answer[]): number {
  const labels = [...new Set(answers.map(({ right }) => right))]
  return mean(
    labels.map((label) => {
      const hits = answers.filter((answer) => answer.right === label && isRight(answer)).length
      const said = answers.filter((answer) => answer.said.ranked[0].label === label).length
      const meant = answers.filter(({ right }) => right === label).length
      return (2 * hits) / (said + meant)
    }),
  )
}

/** Mean squared distance of all probabilities from what was right; 0 to 2. */
export function brier(answers: readonly Answer[]): number {
  return mean(
    answers.map(({ said, right }) =>
      said.ranked.reduce((sum, { label, probability }) => sum + (probability - Number(label === right)) ** 2, 0),
    ),
  )
}

export interface Bin {
  from: number
  count: number
  /** Mean probability that was given to the first label. */
  said: number
  /** Share of them that was right. */
  right: number
}

/** Ten bins by the probability of the first label; empty ones are left out. */
export function reliability(answers: readonly Answer[]): Bin[] {
  const bins = Map.groupBy(answers, ({ said }) => Math.min(9, Math.floor(said.ranked[0].probability * 10)))
  return [...bins]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, within]) => ({
      from: bin / 10,
      count: within.length,
      said: mean(within.map(({ said }) => said.ranked[0].probability)),
      right: accuracy(within),
    }))
}

/** Expected calibration error: how far what was said lies from what was right, over the bins. */
export function calibrationError(answers: readonly Answer[]): number {
  return reliability(answers).reduce((sum, { count, said, right }) => sum + (count / answers.length) * Math.abs(said - right), 0)
}

/** Probability that a value of the one side is above one of the other; equal ones count half. */
export function auroc(above: readonly number[], below: readonly number[]): number {
  const sorted = below.toSorted((a, b) => a - b)
  const under = (value: number, inclusive: boolean) => {
    let [from, to] = [0, sorted.length]
    while (from < to) {
      const middle = (from + to) >> 1
      const one = sorted[middle] ?? 0
      if (one < value || (inclusive && one === value)) from = middle + 1
      else to = middle
    }
    return from
  }
  return mean(above.map((value) => (under(value, false) + under(value, true)) / 2 / sorted.length))
}

/** Bounds within which the true share lies in 95 of 100 cases (Wilson). */
export function wilson(hits: number, of: number): [least: number, most: number] {
  if (of === 0) return [0, 1]
  const z = 1.96
  const share = hits / of
  const centre = share + (z * z) / (2 * of)
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}
