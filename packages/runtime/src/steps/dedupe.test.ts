import { expect, test } from 'vitest'
import { aNext, aWork, outRecord, pieces } from '../testing/pieces.ts'
import { dedupe, workKeyOf } from './dedupe.ts'
import { markPublished } from './mark-published.ts'
import { remember } from './remember.ts'

test('work without a result goes on', async () => {
  const { shell } = await pieces()
  const { next, calls } = aNext()
  const work = aWork()
  await dedupe(shell)(work, next)
  expect([calls(), work.remembered, work.outgoing]).toEqual([1, false, null])
})

test('a remembered result is what goes out, however the work would end now', async () => {
  const { shell } = await pieces()
  await remember(shell)(aWork({ outgoing: [outRecord('first')] }), aNext().next)
  const work = aWork()
  await dedupe(shell)(work, aNext().next)
  expect(work.remembered).toBe(true)
  expect(work.outgoing).toEqual([outRecord('first')])
})

test('published work is settled and counted as a duplicate', async () => {
  const { shell, bench } = await pieces()
  await markPublished(shell)(aWork(), aNext().next)
  const { next, calls } = aNext()
  expect(await dedupe(shell)(aWork(), next)).toEqual({ kind: 'done' })
  expect(calls()).toBe(0)
  expect(await bench.figure('messages_skipped_total', { reason: 'duplicate' })).toBe(1)
})

test('a stored result that nobody can read is as good as none', async () => {
  const { shell } = await pieces()
  const work = aWork()
  await shell.deps.store.put(workKeyOf(shell, work), '{"state":"odd"}', { ifVersion: 0 })
  const { next, calls } = aNext()
  await dedupe(shell)(work, next)
  expect([calls(), work.remembered]).toEqual([1, false])
})
