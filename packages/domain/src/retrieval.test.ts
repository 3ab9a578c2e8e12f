import { expect, test } from 'vitest'
import { loadDomain } from './load.ts'
import { libraryFolder } from './testing.ts'

const domain = await loadDomain(libraryFolder)
const now = Date.UTC(2026, 0, 1)
const find = (text: string, options: { accessGroups?: string[]; at?: number; hint?: string; limit?: number } = {}) =>
  domain.search({ text, accessGroups: ['public'], at: now, limit: 5, ...options }).map(({ passage }) => passage.id)

test('the passage that shares the rarest words comes first', () => {
  expect(find('How long may I keep a book?')[0]).toBe('loans@3#1')
  expect(find('What does a late day cost?')[0]).toBe('loans@3#2')
})

test('word endings and small typos do not hide a passage', () => {
  expect(find('borrowed itms')).toContain('loans@3#0')
  expect(find('memberes borowing')).toContain('loans@3#0')
})

test('what is for staff is found by staff alone', () => {
  expect(find('staff waive fees')).not.toContain('staff-fees@1#0')
  expect(find('staff waive fees', { accessGroups: ['public', 'staff'] })).toContain('staff-fees@1#0')
})

test('what has expired is found only as of its time', () => {
  expect(find('When does the library open?')).not.toContain('hours@2024#0')
  expect(find('When does the library open?', { at: Date.UTC(2024, 11, 31, 23, 59) })).toContain('hours@2024#0')
})

test('a text that says nothing finds nothing', () => {
  expect(find('')).toEqual([])
  expect(find('the and of it')).toEqual([])
  expect(find('zzzz qqqq')).toEqual([])
})

test('a hint helps and does not outweigh the words of the customer', () => {
  expect(find('and films?', { hint: 'late fee' })[0]).toBe('loans@3#1')
  expect(find('tell me', { hint: 'late fee' })[0]).toBe('loans@3#2')
})

test('a search repeats itself and keeps its limit', () => {
  expect(find('book days late items', { limit: 2 })).toHaveLength(2)
  expect(find('book days late items')).toEqual(find('book days late items'))
})
