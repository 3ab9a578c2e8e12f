/** Learns a classifier from examples, in seconds, without a model. */
import { contentHash, type Random } from '@concord/contracts'
import { learnSharpness, probabilitiesOf } from './calibrate.ts'
import { createClassifier, type Classifier } from './classifier.ts'
import { prepareExamples, type Example, type Prepared } from './examples.ts'
import { fit } from './fit.ts'
import { holdOut, type HeldOut } from './held-out.ts'
import { format } from './saved.ts'
import { inScope, learnScope, type Scope } from './scope.ts'
import { seededRandom } from './seeded.ts'
import { chooseThreshold, type Trial } from './threshold.ts'

export interface TrainOptions {
  /** Share of confident answers that must be right, 0 to 1; 0.95 unless told. */
  precision?: number
  /** Share of messages that belong to no label, for the choice of the threshold; 0.1 unless told. */
  outOfScopeShare?: number
  /** Decides the order of learning only; a fixed sequence unless told, so that the same examples give the same classifier. */
  random?: Random
}

const folds = 5
/** Chosen on the half of a labelled file that its published figures learn from (ADR 022). */
const learning = { cost: 10, passes: 60 }

/**
 * Neither the order of the examples nor repeats of them matter.
 * @throws Fault `invalid_input` without an example, or with one whose label is empty.
 */
export function trainClassifier(examples: readonly Example[], options: TrainOptions = {}): Classifier {
  const { precision = 0.95, outOfScopeShare = 0.1, random = seededRandom(1) } = options
  const prepared = prepareExamples(examples, folds)
  const { labels, features, labelOf } = prepared
  const linear = { ...learning, random }
  const heldOut = holdOut(prepared, folds, linear)
  const sharpness = learnSharpness(heldOut.inside)
  const scope = learnScope(
    heldOut.inside.map(({ signs }) => signs),
    heldOut.outside.map(({ signs }) => signs),
  )
  const trials = trialsOf(heldOut, { sharpness, scope, outOfScopeShare })
  return createClassifier({
    labels,
    trainedOn: hashOf(prepared, { precision, outOfScopeShare }),
    heldOut: {
      texts: heldOut.inside.length,
      accuracy: heldOut.inside.filter(isRight).length / Math.max(1, heldOut.inside.length),
      threshold: chooseThreshold(trials, precision),
    },
    fitted: fit(features, labelOf, labels.length, linear),
    sharpness,
    scope,
  })
}

function hashOf({ labels, texts, labelOf }: Prepared, options: object): string {
  return contentHash({ format, options, labels, examples: texts.map((text, n) => [labelOf[n], text]) })
}

const isRight = ({ scores, right }: HeldOut['inside'][number]): boolean => scores[right] === Math.max(...scores)

/** What acting on each held-out text would have brought; texts without a label weigh as much as their share says. */
function trialsOf(
  { inside, outside }: HeldOut,
  { sharpness, scope, outOfScopeShare }: { sharpness: number; scope: Scope; outOfScopeShare: number },
): Trial[] {
  const confidenceOf = ({ scores, signs }: HeldOut['outside'][number]) =>
    Math.max(...probabilitiesOf(scores, sharpness)) * inScope(scope, signs)
  const weight = outside.length === 0 ? 0 : (inside.length * outOfScopeShare) / (1 - outOfScopeShare) / outside.length
  return [
    ...inside.map((judged) => ({ confidence: confidenceOf(judged), right: isRight(judged), weight: 1 })),
    ...outside.map((sight) => ({ confidence: confidenceOf(sight), right: false, weight })),
  ]
}
