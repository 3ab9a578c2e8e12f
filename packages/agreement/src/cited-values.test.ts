import { expect, test } from 'vitest'
import { citedValueFindings } from './cited-values.ts'

const statements: Record<string, string[]> = {
  shoes: ['Shoes can be returned within 30 days.'],
  furniture: ['Furniture can be returned within 60 days.'],
}
const found = (text: string, ...claims: string[]) =>
  citedValueFindings(
    text,
    claims.map((claim) => ({ start: 0, end: text.length, claim })),
    (id) => statements[id] ?? [],
    'd-1',
  )

test('a value that the cited claim states is in order, in other words too', () => {
  expect(found('Shoes can come back for thirty days.', 'shoes')).toEqual([])
})

test('a value that was agreed of something else is found', () => {
  expect(found('Shoes can be returned within 60 days.', 'shoes')).toMatchObject([
    { kind: 'misattributed_duration', left: { statement: '60 days' }, right: { ref: 'shoes' } },
  ])
})

test('words that cite two claims may hold the values of both', () => {
  expect(found('30 days for shoes, 60 days for furniture.', 'shoes', 'furniture')).toEqual([])
})

test('a value that nothing is cited for is none of this check’s', () => {
  expect(found('Shoes can be returned within 60 days.')).toEqual([])
})
