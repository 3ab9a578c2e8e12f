/** What a classifier would say of texts that it has not learned from: the basis of all its probabilities. */
import type { Judged } from './calibrate.ts'
import type { Prepared } from './examples.ts'
import type { FeatureCounts } from './features.ts'
import { fit, look, type Sight } from './fit.ts'
import type { LinearOptions } from './separate.ts'

export interface HeldOut {
  /** Texts of labels that were learned from other texts. */
  inside: (Judged & Sight)[]
  /** Texts of labels that were not learned at all. */
  outside: Sight[]
}

/** Learns once for each fold without it, and once for each group of labels without them. */
export function holdOut(prepared: Prepared, folds: number, options: LinearOptions): HeldOut {
  const inside = range(folds).flatMap((fold) => {
    const within = (n: number) => prepared.foldOf[n] === fold
    return sightsOf(prepared, within, options).map(({ sight, n }) => ({ ...sight, right: prepared.labelOf[n] ?? 0 }))
  })
  const groups = groupsOfLabels(prepared.labels.length, folds)
  const outside = range(groups).flatMap((group) => {
    const within = (n: number) => groupOf(prepared.labelOf[n] ?? 0, prepared.labels.length, groups) === group
    return sightsOf(prepared, within, options).map(({ sight }) => sight)
  })
  return { inside, outside }
}

/** Fewer than four labels leave too little behind when some are left out. */
function groupsOfLabels(labels: number, most: number): number {
  return labels < 4 ? 0 : Math.min(most, Math.floor(labels / 2))
}

/** Labels that are neighbours by name often mean neighbouring things, so they are left out together. */
function groupOf(label: number, labels: number, groups: number): number {
  return Math.floor((label * groups) / labels)
}

function sightsOf({ features, labelOf, labels }: Prepared, within: (n: number) => boolean, options: LinearOptions) {
  const learned: FeatureCounts[] = []
  const learnedLabels: number[] = []
  const left: { n: number; text: FeatureCounts }[] = []
  features.forEach((text, n) => {
    if (within(n)) left.push({ n, text })
    else {
      learned.push(text)
      learnedLabels.push(labelOf[n] ?? 0)
    }
  })
  if (learned.length === 0 || left.length === 0) return []
  const fitted = fit(learned, Int32Array.from(learnedLabels), labels.length, options)
  return left.map(({ n, text }) => ({ n, sight: look(fitted, text) }))
}

function range(length: number): number[] {
  return Array.from({ length }, (_, n) => n)
}
