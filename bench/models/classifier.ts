/**
 * Measures the classifier and the semantic cache on a file of labelled messages: `node bench/models/classifier.ts FILE [DOMAIN]`.
 * One half is learned from, the other measured. With a domain's folder, what its examples alone teach is measured too.
 */
import { fileURLToPath } from 'node:url'
import { Fault } from '@concord/contracts'
import { loadDomain, type Domain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { trainClassifier, type Classifier, type Example } from '@concord/model'
import { asExamples, halves, readUtterances, type Utterance } from './classifier-data.ts'
import * as report from './classifier-report.ts'

const folderOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const examplesOf = ({ intents }: Domain): Example[] =>
  [...intents.values()].flatMap(({ id, examples }) => examples.map((text) => ({ text, label: id })))

function show(title: string, lines: readonly string[]): void {
  process.stdout.write(`${title}\n${lines.map((line) => `${line}\n`).join('')}\n`)
}

function trained(
  examples: readonly Example[],
  precision: number,
): { classifier: Classifier; training: { ms: number; cpuMs: number } } {
  const before = { ms: performance.now(), cpu: process.cpuUsage() }
  const classifier = trainClassifier(examples, { precision })
  const { user, system } = process.cpuUsage(before.cpu)
  return { classifier, training: { ms: performance.now() - before.ms, cpuMs: (user + system) / 1_000 } }
}

/** The file's messages under the domain's names for their intents; those it has no name for are left out. */
function inWordsOf(domain: Domain, rows: readonly Utterance[]): Utterance[] {
  const named = [...domain.intents.values()].flatMap(({ id, aliases }) => [id, ...aliases].map((name) => ({ name, id })))
  const names = new Map(named.map(({ name, id }) => [name, id]))
  return rows.flatMap((row) => {
    const intent = names.get(row.intent)
    return intent === undefined ? [] : [{ ...row, intent }]
  })
}

function measureHalf(learn: readonly Utterance[], ask: readonly Utterance[], outside: readonly string[]): void {
  const { classifier, training } = trained(asExamples(learn), 0.98)
  const answers = report.answersOf(classifier, ask)
  show(`Half against half: ${learn.length} learned, ${ask.length} asked, ${classifier.labels.length} intents`, [
    ...report.quality(answers),
    ...report.confidence(classifier, answers, outside),
    ...report.cost(classifier, ask, training),
  ])
  show('Accuracy by examples', report.learningCurve(learn, ask, [4, 8, 16, 32, 64], 10))
  show(
    'Out of scope, AUROC',
    [16, 64].flatMap((ofEach) => report.scope(learn, ask, outside, ofEach)),
  )
}

function measureDomain(
  domain: Domain,
  [cached, asked]: readonly [Utterance[], Utterance[]],
  outside: readonly string[],
  precision: number,
): void {
  const { classifier, training } = trained(examplesOf(domain), precision)
  const rows = inWordsOf(domain, [...cached, ...asked])
  if (rows.length === 0) return
  const answers = report.answersOf(classifier, rows)
  show(
    `Taught by the ${classifier.heldOut.texts} examples of ${domain.name} alone, precision ${precision} wanted: ${rows.length} asked`,
    [...report.quality(answers), ...report.confidence(classifier, answers, outside), ...report.cost(classifier, rows, training)],
  )
  const [ours, theirs] = [inWordsOf(domain, cached), inWordsOf(domain, asked)]
  show('Cache behind that classifier', report.cache({ cached: ours, asked: theirs, classifier }, [300, 1_000, ours.length]))
}

async function main([file, domainFolder]: readonly string[]): Promise<void> {
  if (file === undefined) {
    throw new Fault('invalid_input', 'no file of labelled messages was named.', {
      mend: 'Run `node bench/models/classifier.ts FILE [DOMAIN]`, where FILE is .jsonl or .csv with text and intent.',
    })
  }
  const [learn, ask] = halves(await readUtterances(file))
  const foreign = [await loadDomain(folderOf('test/domains/clinic')), await loadDomain(libraryFolder)]
  const outside = foreign.flatMap((domain) => examplesOf(domain).map(({ text }) => text))
  measureHalf(learn, ask, outside)
  show('Cache on the true intents', report.cache({ cached: learn, asked: ask }, [300, 1_000, learn.length]))
  if (domainFolder === undefined) return
  const domain = await loadDomain(domainFolder)
  for (const precision of [0.95, 0.9]) measureDomain(domain, [learn, ask], outside, precision)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${Fault.from(error).message}\n`)
  process.exitCode = 1
}
