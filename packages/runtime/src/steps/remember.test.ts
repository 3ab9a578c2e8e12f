import { expect, test } from 'vitest'
import { aNext, aWork, outRecord, pieces } from '../testing/pieces.ts'
import { workKeyOf } from './dedupe.ts'
import { markPublished } from './mark-published.ts'
import { remember } from './remember.ts'

test('of two results the first goes out, whoever made it', async () => {
  const { shell } = await pieces()
  const [first, second] = [aWork({ outgoing: [outRecord('first')] }), aWork({ outgoing: [outRecord('second')] })]
  for (const work of [first, second]) await remember(shell)(work, aNext().next)
  expect(first.outgoing).toEqual([outRecord('first')])
  expect(second.outgoing).toEqual([outRecord('first')])
})

test('a result that comes after the publication goes nowhere', async () => {
  const { shell } = await pieces()
  await markPublished(shell)(aWork(), aNext().next)
  const { next, calls } = aNext()
  expect(await remember(shell)(aWork({ outgoing: [outRecord()] }), next)).toEqual({ kind: 'done' })
  expect(calls()).toBe(0)
})

test('a result that says that the first cannot be published replaces it', async () => {
  const { shell } = await pieces()
  await remember(shell)(aWork({ outgoing: [outRecord('too large')] }), aNext().next)
  const work = aWork({ outgoing: [outRecord('dead letter')] })
  await remember(shell, 'replacing')(work, aNext().next)
  expect(work.outgoing).toEqual([outRecord('dead letter')])
  expect((await shell.deps.store.get(workKeyOf(shell, work)))?.value).toContain('dead letter')
})

test('a result is kept for the horizon', async () => {
  const { shell, bench } = await pieces()
  const work = aWork({ outgoing: [outRecord()] })
  await remember(shell)(work, aNext().next)
  await bench.clock.advance(shell.config.horizonMs)
  expect(await shell.deps.store.get(workKeyOf(shell, work))).toBeNull()
})
