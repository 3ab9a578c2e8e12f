import { expect, test } from 'vitest'
import { parseArticle } from './articles.ts'
import { createProblems } from './problems.ts'

function article(body: string, head = '') {
  return parseArticle(
    'articles/a.md',
    `---\nid: a\ntitle: Loans\nversion: 2\n${head}---\n${body}`,
    'Europe/London',
    createProblems(),
  )!
}

test('an article is cut into passages at its headings', () => {
  const { passages } = article('Intro.\n\n## Books\n\nThree weeks.\n\n## Films ##\nOne week.\n')
  expect(passages.map(({ id, title, text }) => [id, title, text])).toEqual([
    ['a@2#0', 'Loans', 'Intro.'],
    ['a@2#1', 'Loans: Books', 'Three weeks.'],
    ['a@2#2', 'Loans: Films', 'One week.'],
  ])
})

test('a heading without text makes no passage', () => {
  expect(article('# Loans\n\n## Books\n\nThree weeks.').passages).toHaveLength(1)
})

test('lines of a paragraph are joined and marks are taken off, so that a sentence can be quoted', () => {
  const { passages } = article('A book may be\nkept for **21 days**, see\n[hours](/h).\n\n- one\n- two\n  more\n')
  expect(passages[0]!.text).toBe('A book may be kept for 21 days, see hours.\n- one\n- two more')
})

test('a passage never outgrows its contract', () => {
  const { passages } = article(`${'word '.repeat(900)}\n\n${'more '.repeat(400)}\n\nend`)
  expect(passages.length).toBeGreaterThan(1)
  for (const { text } of passages) expect(text.length).toBeLessThanOrEqual(4_000)
})

test('a day without a time is a day in the time zone of the domain, to its end', () => {
  const summer = article('x', 'validFrom: 2026-07-01\nvalidUntil: 2026-07-31\n')
  expect(new Date(summer.validFrom!).toISOString()).toBe('2026-06-30T23:00:00.000Z')
  expect(new Date(summer.validUntil!).toISOString()).toBe('2026-07-31T23:00:00.000Z')
})
