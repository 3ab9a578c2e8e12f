import { loadDomain, type Hit } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { decide } from './decide.ts'

const library = await loadDomain(libraryFolder)
const intent = library.intents.get('loan_length')!
const hits: Hit[] = library.search({
  text: 'how long may a book be kept, and what does a late day cost',
  accessGroups: ['public'],
  at: 0,
  limit: 6,
})
const ids = hits.map(({ passage }) => passage.id)

const choosing = (...selected: { passage: string; quote: string }[]) =>
  decide('library', intent, hits, { selected, confidence: 0.8 })
const period = { passage: 'loans@3#1', quote: 'A book may be kept for 28 days' }

test('a quote becomes a claim of its article, and the article adds the facts that bear on the intent', () => {
  expect(ids).toContain('loans@3#1')
  const { content, invented } = choosing(period)
  expect(invented).toBe(0)
  expect(content.claims).toMatchObject([
    {
      subject: 'article:loans',
      predicate: 'says',
      value: { text: period.quote },
      source: { kind: 'passage', ref: 'loans@3#1', version: '3' },
    },
    {
      id: 'passage:loans@3/0',
      subject: 'library',
      predicate: 'loan.period',
      value: { number: 28 },
      scope: { item: 'book' },
      confidence: 0.8,
    },
  ])
  expect(content.passages).toMatchObject([{ id: 'loans@3#1', quote: period.quote, chunk: 1 }])
  expect(content.confidence).toBe(0.8)
})

test('a quote that does not stand in the passage is left out and counted', () => {
  const { content, invented } = choosing({ passage: 'loans@3#1', quote: 'A book may be kept for 90 days' })
  expect(invented).toBe(1)
  expect(content.claims.map(({ predicate }) => predicate)).toEqual(['loan.period'])
  expect(content.passages).toMatchObject([{ id: 'loans@3#1', quote: null }])
})

test('a quote from another passage is none of this one', () => {
  expect(choosing({ passage: 'loans@3#1', quote: 'Each late day costs 20p.' }).invented).toBe(1)
})

test('white space does not make a quote wrong', () => {
  const { content } = choosing({ passage: 'loans@3#1', quote: '  A book may be\n kept for 28 days ' })
  expect(content.claims[0]!.value.text).toBe(period.quote)
})

test('without a quote the typed facts stand alone, and nothing was invented', () => {
  const { content, invented } = choosing({ passage: 'loans@3#1', quote: '' })
  expect(invented).toBe(0)
  expect(content.claims).toHaveLength(1)
})

test('a mark alone is no quote', () => {
  expect(choosing({ passage: 'loans@3#1', quote: '.' }).content.claims.map(({ predicate }) => predicate)).toEqual(['loan.period'])
})

test('facts of one article are claimed once, whatever the number of its passages', () => {
  const { content } = choosing({ passage: 'loans@3#2', quote: 'Each late day costs 20p.' }, period, period)
  expect(content.claims.filter(({ predicate }) => predicate === 'loan.period')).toHaveLength(1)
  expect(content.claims.filter(({ predicate }) => predicate === 'says')).toHaveLength(2)
  expect(content.passages).toHaveLength(2)
})

test('an intent that names no predicate hears all facts', () => {
  const { content } = decide('library', { ...intent, about: [] }, hits, { selected: [period], confidence: 1 })
  expect(content.claims.map(({ predicate }) => predicate)).toEqual(['says', 'loan.period', 'fee.rate'])
})

test('a passage on which nothing rests is not shown, and choosing nothing says nothing with confidence', () => {
  const other = { ...intent, about: ['fee.owed'] }
  const { content } = decide('library', other, hits, { selected: [{ passage: 'loans@3#1', quote: 'not there' }], confidence: 1 })
  expect(content).toEqual({ claims: [], passages: [], confidence: 0 })
  expect(choosing().content).toEqual({ claims: [], passages: [], confidence: 0 })
})

test('deciding again gives the same claims with the same ids', () => {
  expect(choosing(period)).toEqual(choosing(period))
})
