/** Runs many seeds on some processes, or one seed with its history: `make simulate SEEDS=10000`, `make simulate SEED=17`. */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { loadFixtures } from './fixtures.ts'
import { readOptions, type ManySeeds } from './options.ts'
import { emptyTotals, report, type Told, type Totals } from './report.ts'
import { runSeed } from './run-seed.ts'

const batch = 20
const smallBatch = 4
const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function one(seed: number): Promise<boolean> {
  const run = await runSeed(await loadFixtures(), seed)
  for (const line of run.history()) print(line)
  print('')
  print(`seed ${seed}: ${run.requests} requests, ${(run.lastedMs / 1_000).toFixed(1)} s of virtual time, history ${run.digest}`)
  for (const [kind, times] of run.faults) print(`  ${kind}: ${times}`)
  for (const { invariant, what } of run.violations) print(`VIOLATION ${invariant}: ${what}`)
  return run.violations.length === 0
}

async function many({ from, seeds, workers, untilFound }: ManySeeds): Promise<boolean> {
  const totals = emptyTotals()
  const started = performance.now()
  let next = from
  const take = (): number[] => {
    if (untilFound && totals.violated > 0) return []
    const first = next
    next = Math.min(from + seeds, next + (untilFound ? smallBatch : batch))
    return Array.from({ length: next - first }, (_, at) => first + at)
  }
  await Promise.all(Array.from({ length: workers }, () => employ(take, (told) => note(totals, told))))
  for (const line of report(totals, (performance.now() - started) / 1_000)) print(line)
  return totals.violated === 0 && (untilFound || totals.runs === seeds)
}

function note(totals: Totals, told: Told): void {
  totals.add(told)
  for (const { invariant, what } of told.violations) print(`seed ${told.seed} VIOLATION ${invariant}: ${what}`)
  if (totals.runs % 500 === 0) print(`${totals.runs} runs, ${totals.violated} with violations`)
}

/** Gives a process of its own one batch after the other. Resolves when there is none left. */
function employ(take: () => number[], onRun: (told: Told) => void): Promise<void> {
  const worker: ChildProcess = fork(join(import.meta.dirname, 'worker.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const give = (): void => {
    const seeds = take()
    if (seeds.length === 0) worker.disconnect()
    else worker.send({ seeds })
  }
  return new Promise((resolve, reject) => {
    worker.on('message', (told: Told | 'ready') => (told === 'ready' ? give() : onRun(told)))
    worker.on('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`a worker has ended with ${code ?? signal}`))))
    worker.on('error', reject)
  })
}

const options = readOptions(process.argv.slice(2))
const clean = await (options.kind === 'one' ? one(options.seed) : many(options))
process.exitCode = clean ? 0 : 1
