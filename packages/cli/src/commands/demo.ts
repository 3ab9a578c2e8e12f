import { Command } from 'commander'
import { startConstellation, type Constellation } from '@concord/dev-env'
import { accuracy } from '../demo/accuracy.ts'
import { sampleErrands } from '../demo/errands.ts'
import { unmet } from '../demo/expectations.ts'
import { outcomeTable, shareTable, shares, storyOf, type SampleRow } from '../demo/report.ts'
import { runDemo, type DemoRun, type Errand } from '../demo/run-demo.ts'
import { writeRecord } from '../log/record.ts'
import { numberAbove0 } from '../numbers.ts'
import { progressBar } from '../progress.ts'
import { readRequestFile } from '../requests/request-file.ts'
import { settings } from '../settings.ts'

interface Options {
  requests?: string
  limit: number
  json?: boolean
}

/** Requests of a file that are under way at once. */
const concurrency = 48

export function demoCommand(): Command {
  return new Command('demo')
    .description('Run the whole constellation in this process and send requests through it: the samples of the domain, or a file')
    .option('--requests <file>', 'JSON lines with `text` instead of the samples')
    .option('--limit <n>', 'only the first n requests of the file', numberAbove0, 1_000)
    .option('--json', 'one JSON line for each request, and one for the summary')
    .addHelpText(
      'after',
      `
A line of the file is an object with text; see ./concord send --help. The exit code is 1 when an outcome is missing or, of a
sample, not as expected. What was said is kept for ./concord trace.

Examples:
  ./concord demo
  ./concord demo --requests requests.jsonl --limit 100 --json`,
    )
    .action(demo)
}

async function demo(options: Options): Promise<void> {
  const { domainFolder, tenantId, model } = settings()
  const constellation = await startConstellation({
    domainFolder,
    ...(model !== undefined && { model }),
    run: { ratePerSecond: 1_000 },
  })
  try {
    const errands =
      options.requests === undefined
        ? sampleErrands(constellation.domain, tenantId)
        : await fileErrands(options.requests, options.limit, tenantId)
    const run = await send(constellation, errands, options)
    await writeRecord(run.entries)
    const failed =
      options.requests === undefined ? tellSamples(errands, run, options) : tellFile(constellation, errands, run, options)
    process.exitCode = failed > 0 || run.contradicted.length > 0 ? 1 : 0
  } finally {
    await constellation.stop()
  }
}

async function fileErrands(file: string, limit: number, tenantId: string): Promise<Errand[]> {
  return (await readRequestFile(file, tenantId, limit)).map((request) => ({ request }))
}

async function send(constellation: Constellation, errands: readonly Errand[], { json }: Options): Promise<DemoRun> {
  if (json !== true) {
    const replicas = constellation.services.map(({ name }) => name).join(', ')
    process.stdout.write(
      `${constellation.domain.title}: ${errands.length} requests through ${replicas}; model: ${constellation.modelName}\n`,
    )
  }
  const bar = progressBar(errands.length, json !== true)
  const run = await runDemo({
    constellation,
    errands,
    concurrency,
    onResult(result, done) {
      bar.update(done)
      if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`)
    },
  })
  bar.stop()
  return run
}

/** @returns how many samples are not as expected. */
function tellSamples(errands: readonly Errand[], run: DemoRun, { json }: Options): number {
  const rows = errands.flatMap(({ sample, request }): SampleRow[] => {
    const result = run.results.get(request.requestId)
    if (sample === undefined || result === undefined) return []
    const own = run.entries.filter(({ requestId }) => requestId === request.requestId)
    return [{ id: sample.id, shows: sample.shows, result, unmet: unmet(sample.expect, result, own) }]
  })
  const failed = rows.filter((row) => row.unmet.length > 0)
  const missing = errands.length - rows.length
  if (json === true) {
    const summary = {
      requests: errands.length,
      asExpected: rows.length - failed.length,
      contradicted: run.contradicted,
      ms: Math.round(run.ms),
    }
    process.stdout.write(`${JSON.stringify({ summary })}\n`)
  } else {
    const story = storyOf(run.entries)
    process.stdout.write(`\n${outcomeTable(rows)}\n${story === null ? '' : `\n${story}\n`}\n`)
    for (const { id, unmet: problems } of failed) process.stdout.write(`${id}: ${problems.join('; ')}\n`)
    const verdict = `${rows.length - failed.length} of ${errands.length} outcomes as expected`
    process.stdout.write(`${verdict}, in ${(run.ms / 1000).toFixed(1)} s. Look at any of them: ./concord trace REQUEST_ID\n`)
  }
  return failed.length + missing
}

/** @returns how many requests have no outcome. */
function tellFile({ domain }: Constellation, errands: readonly Errand[], run: DemoRun, { json }: Options): number {
  const results = [...run.results.values()]
  const cited =
    results.filter(({ outcome, citations }) => outcome === 'answered' && citations > 0).length / Math.max(1, results.length)
  const triage = accuracy(domain, run.entries)
  const summary = {
    requests: errands.length,
    outcomes: results.length,
    contradicted: run.contradicted.length,
    answeredWithCitation: cited,
    triage,
    shares: shares(results),
    ms: Math.round(run.ms),
  }
  if (json === true) process.stdout.write(`${JSON.stringify({ summary })}\n`)
  else {
    process.stdout.write(
      `\n${shareTable(results)}\n\n${results.length} outcomes for ${errands.length} requests in ${(run.ms / 1000).toFixed(1)} s, `,
    )
    process.stdout.write(`${run.contradicted.length} contradicted; answered with a citation: ${(100 * cited).toFixed(1)} %\n`)
    if (triage !== null)
      process.stdout.write(
        `triage agrees with the file's label in ${triage.right} of ${triage.labelled} (${(100 * triage.accuracy).toFixed(1)} %)\n`,
      )
  }
  return errands.length - results.length
}
