/** Each section of the report on the classifier and the semantic cache, as lines of text. */
import { seededRandom, trainClassifier, type Classifier } from '@concord/model'
import { measureCache, type CacheRun } from './classifier-cache.ts'
import { asExamples, draw, shuffled, type Utterance } from './classifier-data.ts'
import * as figures from './classifier-figures.ts'

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`
const bounds = (hits: number, of: number): string =>
  figures
    .wilson(hits, of)
    .map((bound) => percent(bound, 2))
    .join(' to ')

export function answersOf(classifier: Classifier, rows: readonly Utterance[]): figures.Answer[] {
  return rows.map(({ text, intent }) => ({ said: classifier.classify(text), right: intent }))
}

export function quality(answers: readonly figures.Answer[]): string[] {
  const right = answers.filter(figures.isRight).length
  return [
    `accuracy ${(right / answers.length).toFixed(4)} (${bounds(right, answers.length)}), macro-F1 ${figures.macroF1(answers).toFixed(4)}`,
    `calibration error ${figures.calibrationError(answers).toFixed(4)}, Brier ${figures.brier(answers).toFixed(4)}`,
    ...figures
      .reliability(answers)
      .map(
        ({ from, count, said, right }) =>
          `  said ${from.toFixed(1)} and up: ${count} messages, said ${said.toFixed(3)}, right ${right.toFixed(3)}`,
      ),
  ]
}

/** At the classifier's own threshold, then at fixed ones. */
export function confidence(classifier: Classifier, answers: readonly figures.Answer[], outside: readonly string[]): string[] {
  const strangers = outside.map((text) => classifier.classify(text).confidence)
  const least = classifier.heldOut.threshold.least
  return [...(least === null ? [] : [least]), 0.5, 0.7, 0.8, 0.9, 0.95].map((at, n) => {
    const sure = answers.filter(({ said }) => said.confidence >= at)
    const right = sure.filter(figures.isRight).length
    const entering = strangers.filter((one) => one >= at).length
    return `  ${n === 0 && least !== null ? 'chosen ' : ''}${at.toFixed(3)}: ${percent(sure.length / answers.length)} sure, ${percent(right / sure.length, 2)} of them right (${bounds(right, sure.length)}); ${entering} of ${strangers.length} foreign messages taken for ours`
  })
}

export function cost(classifier: Classifier, rows: readonly Utterance[], training: { ms: number; cpuMs: number }): string[] {
  const times = rows.map(({ text }) => {
    const before = performance.now()
    classifier.classify(text)
    return 1_000 * (performance.now() - before)
  })
  const at = (share: number) => times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]?.toFixed(0)
  const bytes = JSON.stringify(classifier).length
  return [
    `trained in ${(training.ms / 1_000).toFixed(2)} s (${(training.cpuMs / 1_000).toFixed(2)} s of processor time)`,
    `classified in ${at(0.5)} µs a message (p50), ${at(0.99)} µs (p99); ${(bytes / 1e6).toFixed(1)} MB as JSON`,
  ]
}

/** Accuracy from few examples of each intent: mean, spread and worst of the draws. */
export function learningCurve(
  pool: readonly Utterance[],
  rest: readonly Utterance[],
  sizes: readonly number[],
  draws: number,
): string[] {
  return sizes.map((size) => {
    const results = Array.from({ length: draws }, (_, n) => {
      const classifier = trainClassifier(asExamples(draw(pool, size, seededRandom(1_000 + n))))
      return figures.accuracy(answersOf(classifier, rest))
    })
    return `  ${size} of each: ${figures.mean(results).toFixed(4)} ± ${figures.deviation(results).toFixed(4)}, least ${Math.min(...results).toFixed(4)} (${draws} draws)`
  })
}

/** How well `inScope` parts messages of known intents from those of a category that was never taught, and from foreign ones. */
export function scope(
  pool: readonly Utterance[],
  rest: readonly Utterance[],
  outside: readonly string[],
  ofEach: number,
): string[] {
  const groupOf = ({ category, intent }: Utterance) => category ?? intent
  const results = [...new Set(pool.map(groupOf))].map((left) => {
    const taught = draw(pool, ofEach, seededRandom(7)).filter((row) => groupOf(row) !== left)
    const classifier = trainClassifier(asExamples(taught))
    const scores = (texts: readonly string[]) => texts.map((text) => classifier.classify(text).inScope)
    const inside = scores(rest.filter((row) => groupOf(row) !== left).map(({ text }) => text))
    const near = scores(rest.filter((row) => groupOf(row) === left).map(({ text }) => text))
    return { near: figures.auroc(inside, near), far: figures.auroc(inside, scores(outside)) }
  })
  const [near, far] = [results.map((one) => one.near), results.map((one) => one.far)]
  return [
    `  ${ofEach} of each: a category left out ${figures.mean(near).toFixed(4)} (least ${Math.min(...near).toFixed(4)}), other trades ${figures.mean(far).toFixed(4)}`,
  ]
}

const settings = [1, 2, 3].flatMap((neighbours) => [0.4, 0.5, 0.6, 0.7].map((similarity) => ({ neighbours, similarity })))

export function cache({ cached, asked, classifier }: CacheRun, sizes: readonly number[]): string[] {
  return sizes.flatMap((size) => {
    const some = shuffled(cached, seededRandom(3)).slice(0, size)
    return [
      `  ${some.length} messages cached${classifier === undefined ? '' : ', the classifier must agree and be sure'}`,
      ...measureCache({ cached: some, asked, classifier }, settings).map(
        ({ neighbours, similarity, hits, wrong }) =>
          `    ${neighbours} at ${similarity}: ${percent(hits / asked.length)} hits, ${percent(hits === 0 ? 0 : wrong / hits, 2)} of them wrong (${bounds(wrong, hits)})`,
      ),
    ]
  })
}
