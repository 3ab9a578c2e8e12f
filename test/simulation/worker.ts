/** Runs the seeds that it is sent, and tells of each. */
import process from 'node:process'
import { loadFixtures } from './fixtures.ts'
import type { Told } from './report.ts'
import { runSeed } from './run-seed.ts'

// Faults come by the thousand, and nobody reads where each was made.
Error.stackTraceLimit = 0
const fixtures = await loadFixtures()

async function work(seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) {
    const { violations, requests, lastedMs, faults } = await runSeed(fixtures, seed)
    tell({ seed, violations, requests, lastedMs, faults: [...faults] })
  }
  tell('ready')
}

function tell(what: Told | 'ready'): void {
  process.send?.(what)
}

process.on('message', ({ seeds }: { seeds: number[] }) => void work(seeds))
tell('ready')
