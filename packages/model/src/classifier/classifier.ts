/** Says which label a text has, how likely, and whether it has any. */
import { probabilitiesOf } from './calibrate.ts'
import { featuresOf } from './features.ts'
import { look } from './fit.ts'
import type { HeldOutFigures, Learned } from './learned.ts'
import { readSaved, save, type SavedClassifier } from './saved.ts'
import { inScope } from './scope.ts'

export interface Ranked {
  label: string
  /** That this is the label if the text has one; over all labels they sum to 1. */
  probability: number
}

export interface Classification {
  /** Every label, the likeliest first; equal ones by name. */
  ranked: readonly [Ranked, ...Ranked[]]
  /** 0 to 1: how much the text looks like any of the examples, measured as if half of all texts were out of scope. */
  inScope: number
  /** Probability of the first label times `inScope`. */
  confidence: number
  /** Whether the confidence is enough for the precision that was wanted. */
  confident: boolean
}

/** Immutable; `classify` reads nothing else and never throws. */
export interface Classifier {
  readonly labels: readonly string[]
  /** Hash of the examples and the options: equal for equal ones, in whatever order. */
  readonly trainedOn: string
  readonly heldOut: HeldOutFigures
  classify(text: string): Classification
  /** For `restoreClassifier`. */
  toJSON(): SavedClassifier
}

export function createClassifier(learned: Learned): Classifier {
  const { labels, trainedOn, heldOut } = learned
  return {
    labels,
    trainedOn,
    heldOut,
    classify: (text) => classify(learned, text),
    toJSON: () => save(learned),
  }
}

/** @throws Fault `invalid_input` when it was not made by `toJSON` of this version. */
export function restoreClassifier(saved: unknown): Classifier {
  return createClassifier(readSaved(saved))
}

function classify({ labels, fitted, sharpness, scope, heldOut }: Learned, text: string): Classification {
  const { scores, signs } = look(fitted, featuresOf(text))
  const probabilities = probabilitiesOf(scores, sharpness)
  const ranked = labels
    .map((label, place) => ({ label, probability: probabilities[place] ?? 0 }))
    .toSorted((a, b) => b.probability - a.probability)
  const [first, ...others] = ranked
  if (first === undefined) throw new Error('a classifier has at least one label')
  const known = signs[2] > 0 ? inScope(scope, signs) : 0
  const confidence = first.probability * known
  const { least } = heldOut.threshold
  return { ranked: [first, ...others], inScope: known, confidence, confident: least !== null && confidence >= least }
}
