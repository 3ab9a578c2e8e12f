/** Three brokers, every service twice, and faults that strike together. The whole catalogue is `make faults`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { together } from './catalogue/catalogue.ts'
import { violations } from './check/check.ts'
import { startRun } from './run.ts'

const shop = resolve(import.meta.dirname, '../../domains/shop')
const perSecond = 4

/** Two of those that are killed, one of the others: what a small machine can start in time. */
const scale = { triage: 1, knowledge: 2, policy: 1, coordinator: 2, response: 1, executor: 1 }
const struck = together('three-killed', 'a broker, the coordinator and knowledge', [
  'broker-kill',
  'kill-coordinator',
  'kill-knowledge',
])

test('a broker, the coordinator and knowledge are killed under load, and nothing is lost, double or out of order', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'concord-faults-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }), 30_000)
  const run = await startRun({ dir, domainFolder: shop, perSecond, scale, tell: () => undefined })
  onTestFinished(() => run.stop(), 60_000)
  const { verdict } = await run.round(struck)
  expect(violations(verdict)).toEqual([])
  expect(verdict.asked).toBeGreaterThan(30)
  expect(violations((await run.all()).verdict)).toEqual([])
}, 240_000)
