import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { caseStoreKey, dueIndex, outboxIndex } from '../keys.ts'
import { pieces, type Pieces } from '../testing/pieces.ts'
import type { CaseAt } from './case-store.ts'
import type { Cases } from './cases.ts'
import { createSweep, type Round } from './sweep.ts'
import { createSweeper } from './sweeper.ts'

/** Cases that note what is done to them. */
function recording(fail: (key: string) => Fault | null = () => null): Cases<unknown> & { log: string[] } {
  const log: string[] = []
  const note =
    (what: string) =>
    async ({ key }: CaseAt) => {
      log.push(`${what} ${key}`)
      const fault = fail(key)
      if (fault !== null) throw fault
    }
  return { log, onMessage: async () => true, onDue: note('due'), release: note('release'), look: async () => null }
}

async function put({ shell, bench }: Pieces, key: string, index: 'due' | 'outbox', score: number): Promise<void> {
  const name = index === 'due' ? dueIndex('agent', 1) : outboxIndex('agent', 1)
  await bench.deps.store.put(caseStoreKey(shell.manifest.name, key), '{}', { ifVersion: 'any', index: [{ index: name, score }] })
}

const aRound = (): Round => ({ partition: 1, signal: new AbortController().signal, lastStepAt: 0 })
const readUp = { caughtUp: async () => true }
const guard = { partition: 1, epoch: 1, under: { sentinel: 'state/agent/1', value: 'whole' } }
const whole = { guard: () => guard, stands: async () => undefined }

test('deadlines that have come fire, later ones wait, and a fresh outbox is left to whoever filled it', async () => {
  const made = await pieces()
  const now = made.bench.clock.now()
  await put(made, 'a', 'due', now)
  await put(made, 'b', 'due', now + 1)
  await put(made, 'c', 'outbox', now - 1_000)
  await put(made, 'd', 'outbox', now - 999)
  const cases = recording()
  await createSweep(made.shell, cases, whole, readUp)(aRound())
  expect(cases.log).toEqual(['release c', 'due a'])
})

test('no deadline fires while the log is not read up, or the partition leaves meanwhile', async () => {
  const made = await pieces()
  await put(made, 'a', 'due', made.bench.clock.now())
  const cases = recording()
  await createSweep(made.shell, cases, whole, { caughtUp: async () => false })(aRound())
  expect(cases.log).toEqual([])
})

test('a case that fails rests for ten seconds and keeps no other from its turn', async () => {
  const made = await pieces()
  for (const key of ['a', 'b']) await put(made, key, 'due', made.bench.clock.now())
  const cases = recording((key) => (key === 'a' ? new Fault('internal', 'broken') : null))
  const sweep = createSweep(made.shell, cases, whole, readUp)
  await sweep(aRound())
  await sweep(aRound())
  expect(cases.log).toEqual(['due a', 'due b', 'due b'])
  await made.bench.clock.advance(10_000)
  await sweep(aRound())
  expect(cases.log.slice(3)).toEqual(['due a', 'due b'])
})

test('a dependency that is away ends the sweep, and the case is tried again as soon as it is back', async () => {
  const made = await pieces()
  await put(made, 'a', 'due', made.bench.clock.now())
  let away = true
  const cases = recording(() => (away ? new Fault('broker_unavailable', 'away', { retryable: true }) : null))
  const sweep = createSweep(made.shell, cases, whole, readUp)
  await expect(sweep(aRound())).rejects.toMatchObject({ code: 'broker_unavailable' })
  away = false
  await sweep(aRound())
  expect(cases.log).toEqual(['due a', 'due a'])
})

test('a sweep of a partition whose cases are lost touches none of them, and says so', async () => {
  const made = await pieces()
  await put(made, 'a', 'due', made.bench.clock.now())
  const cases = recording()
  const stands = async () => Promise.reject(new Fault('state_lost', 'gone', { retryable: true }))
  await expect(createSweep(made.shell, cases, { ...whole, stands }, readUp)(aRound())).rejects.toMatchObject({
    code: 'state_lost',
  })
  expect(cases.log).toEqual([])
})

test('a sweep that hangs shows in the health, a wait for the log does not', async () => {
  const { shell, bench } = await pieces()
  const change = { kind: 'gained' as const, partitions: [1], signal: new AbortController().signal }
  const sweeper = createSweeper(shell, () => new Promise(() => {}))
  sweeper.onPartitions(change)
  await bench.clock.advance(61_000)
  expect(sweeper.health()).toEqual({ ok: false, reason: 'deadlines of partition 1 are not looked after' })
  sweeper.onPartitions({ ...change, kind: 'lost' })
  expect(sweeper.health()).toEqual({ ok: true })
  const waiting = createSweeper(shell, async (round) => {
    round.lastStepAt = null
    await new Promise(() => {})
  })
  waiting.onPartitions(change)
  await bench.clock.advance(61_000)
  expect(waiting.health()).toEqual({ ok: true })
})
