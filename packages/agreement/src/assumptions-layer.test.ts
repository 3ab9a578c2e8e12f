import { expect, test } from 'vitest'
import { assumptionFindings } from './assumptions-layer.ts'

const draft = { agent: 'response', id: 'd-1', basedOn: [{ id: 'brief-1', hash: 'a' }] }
const none = new Set<string>()

test('an output that rests on what stands is in order', () => {
  expect(assumptionFindings(draft, new Map([['brief-1', 'a']]), none)).toEqual([])
})

test('an output that rests on what has changed is found', () => {
  expect(assumptionFindings(draft, new Map([['brief-1', 'b']]), none)).toMatchObject([
    { kind: 'stale_basis', right: { statement: 'now b' } },
  ])
})

test('an output that rests on what was replaced is found', () => {
  expect(assumptionFindings(draft, new Map(), new Set(['brief-1']))).toMatchObject([{ kind: 'stale_basis' }])
})

test('a basis that the case never held says nothing', () => {
  expect(assumptionFindings(draft, new Map(), none)).toEqual([])
})
