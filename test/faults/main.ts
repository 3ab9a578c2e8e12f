/** `make faults`: every fault of the catalogue, or those that ONLY names, and a table. Exits with 1 when something must not be. */
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { calm, chosenFaults } from './catalogue/catalogue.ts'
import { violations } from './check/check.ts'
import { endServices } from './scene/constellation.ts'
import { startRun, type Round } from './run.ts'
import { renderTable } from './table.ts'

const root = resolve(import.meta.dirname, '../..')
const startedAt = Date.now()
const print = (text: string): void => void process.stdout.write(`${text}\n`)
const tell = (line: string): void => print(`${((Date.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${line}`)

const { perSecond, faults } = settings()
// Logs and data of the last run stay, to be looked at; what still runs of it, because it was ended by force, does not.
const dir = join(root, 'node_modules', '.cache', 'faults')
await endServices(dir)
await rm(dir, { recursive: true, force: true })
await mkdir(dir, { recursive: true })

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endServices(dir).finally(() => process.exit(130)))
}
const run = await startRun({ dir, domainFolder: join(root, 'domains', 'shop'), perSecond, tell })
const rounds: Round[] = []
try {
  await play()
} finally {
  await run.stop()
}
print(`\n${renderTable(rounds)}\n`)
const kinds = rounds.at(-1)?.verdict.outcomes.kinds ?? new Map<string, number>()
print(
  `outcomes: ${[...kinds]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${kind} ${times}`)
    .join(' · ')}`,
)
const wrong = rounds.flatMap(({ name, verdict }) => violations(verdict).map((line) => `${name}: ${line}`))
print(wrong.length === 0 ? 'Nothing missing, nothing double, nothing out of order.' : wrong.join('\n'))
process.exit(wrong.length === 0 ? 0 : 1)

async function play(): Promise<void> {
  await run.round({ ...calm, what: 'warming up' })
  for (const fault of faults) {
    const round = await run.round(fault)
    rounds.push(round)
    for (const line of violations(round.verdict)) tell(`  ${line}`)
  }
  rounds.push(await run.all())
}

function settings() {
  const rate = Number(process.env['RATE'] ?? '10')
  if (!(rate > 0 && rate <= 100)) return refuse('RATE must be a number of requests a second, above 0 and up to 100.')
  try {
    return { perSecond: rate, faults: chosenFaults(process.env['ONLY'] ?? '') }
  } catch (error) {
    return refuse(`ONLY cannot be followed: ${(error as Error).message}`)
  }
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}
