/** All services in one process, through what goes wrong by chance: whatever it is, the promises of docs/invariants.md hold. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { loadFixtures } from './fixtures.ts'
import { callFaults, mishapKinds, modelFaults, reviewerFaults } from './plan.ts'
import { runSeed, type Run } from './run-seed.ts'

const fixtures = await loadFixtures()
const seeds = 240
const main = join(import.meta.dirname, 'main.ts')

const judged: Pick<Run, 'seed' | 'faults' | 'violations'>[] = []

test(`in ${seeds} runs every promise holds`, async () => {
  for (let seed = 1; seed <= seeds; seed++) {
    const { faults, violations } = await runSeed(fixtures, seed)
    judged.push({ seed, faults, violations })
  }
  expect(judged.filter(({ violations }) => violations.length > 0)).toEqual([])
}, 240_000)

test('every kind of fault has occurred in them', () => {
  const occurred = new Set(judged.flatMap(({ faults }) => [...faults.keys()]))
  const kinds = [...callFaults, ...modelFaults, ...reviewerFaults, ...mishapKinds]
  const others = ['redelivery', 'late-delivery', 'request-repeated', 'request-id-reused', 'bad-record'] as const
  expect([...kinds, ...others].filter((kind) => !occurred.has(kind))).toEqual([])
})

test('one seed has one history, byte for byte, in any process', async () => {
  for (const seed of [3, 11, 40]) {
    const first = await runSeed(fixtures, seed)
    const second = await runSeed(fixtures, seed)
    expect(second.history()).toEqual(first.history())
    const { stdout } = await promisify(execFile)(process.execPath, [main, '--seed', String(seed)], { maxBuffer: 2 ** 26 })
    expect(stdout).toContain(`history ${first.digest}`)
  }
}, 120_000)
