/** Examples in one order, each once, so that what is learned does not depend on how they were listed. */
import { contentHash, Fault } from '@concord/contracts'
import { featuresOf, type FeatureCounts } from './features.ts'
import { normalForm } from './normal-form.ts'

export interface Example {
  readonly text: string
  readonly label: string
}

export interface Prepared {
  /** In ascending order. */
  labels: string[]
  texts: string[]
  /** Of each text. */
  features: FeatureCounts[]
  /** Of each text, its place in `labels`. */
  labelOf: Int32Array
  /** Of each text, 0 … folds - 1: every label is spread over all folds. */
  foldOf: Int32Array
}

/** @throws Fault `invalid_input` without any example that has words and a label. */
export function prepareExamples(examples: readonly Example[], folds: number): Prepared {
  const unique = new Map<string, { text: string; label: string; order: string }>()
  for (const { text, label } of examples) {
    const words = normalForm(text).join(' ')
    if (label === '') throw new Fault('invalid_input', 'an example has an empty label.', { mend: 'Name its label.' })
    const order = contentHash([label, words])
    const kept = unique.get(order)
    if (words !== '' && (kept === undefined || text < kept.text)) unique.set(order, { text, label, order })
  }
  const sorted = [...unique.values()].toSorted((a, b) => compare(a.label, b.label) || compare(a.order, b.order))
  if (sorted.length === 0) {
    throw new Fault('invalid_input', 'there is no example to learn from.', {
      mend: 'Give at least one example with words in it.',
    })
  }
  const labels = [...new Set(sorted.map(({ label }) => label))]
  const places = new Map(labels.map((label, place) => [label, place]))
  return {
    labels,
    texts: sorted.map(({ text }) => text),
    features: sorted.map(({ text }) => featuresOf(text)),
    labelOf: Int32Array.from(sorted, ({ label }) => places.get(label) ?? 0),
    foldOf: Int32Array.from(sorted, (_, n) => n % folds),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
