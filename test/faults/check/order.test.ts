import { expect, test } from 'vitest'
import { findDisorder } from './order.ts'
import type { Sighting } from './sighting.ts'
import { aSighting } from './testing.ts'

const line = (noun: string, ids: string, fields: Partial<Sighting> = {}): Sighting[] =>
  ids.split(' ').map((requestId) => aSighting({ noun, requestId, ...fields }))

test('outputs in the order of their inputs are in order, also when some are missing or said again', () => {
  expect(findDisorder([...line('requests', 'a b c a'), ...line('triage', 'a c a c b c').slice(0, 4)])).toEqual([])
})

test('an output before that of an earlier input is found', () => {
  expect(findDisorder([...line('requests', 'a b c'), ...line('triage', 'b a c')])).toEqual([
    { agent: 'triage', conversation: 'c1', expected: ['a', 'b', 'c'], found: ['b', 'a', 'c'] },
  ])
})

test('other conversations may overtake', () => {
  const other = { conversation: 'c2' }
  expect(
    findDisorder([
      ...line('requests', 'a'),
      ...line('requests', 'b', other),
      ...line('triage', 'b', other),
      ...line('triage', 'a'),
    ]),
  ).toEqual([])
})

test('the log decides, not the order of reading', () => {
  expect(findDisorder([...line('requests', 'a b'), ...line('triage', 'b a').toReversed()])).toHaveLength(1)
})

test('a revision stands apart from the first pass', () => {
  const revised = { body: { kind: 'message', revision: 1 } } as const
  const briefs = [...line('briefs', 'a b'), ...line('briefs', 'a', revised)]
  expect(findDisorder([...briefs, ...line('drafts', 'a b'), ...line('drafts', 'a', revised)])).toEqual([])
  expect(findDisorder([...briefs, ...line('drafts', 'a', revised), ...line('drafts', 'a b')])).toHaveLength(1)
})

test('each agent is compared with what it reads', () => {
  expect(findDisorder([...line('triage', 'a b'), ...line('knowledge', 'b a')])).toMatchObject([{ agent: 'knowledge' }])
  expect(findDisorder([...line('actions', 'a b'), ...line('action-results', 'b a')])).toMatchObject([{ agent: 'executor' }])
})
