import type { Domain, Sample } from '@concord/domain'
import { aFinding, aKnowledge, aPolicy, aReply, aTriage, anEnvelope, aRequest, aVerdict } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { resultFor } from '../testing/results.ts'
import { anEntry } from '../testing/entries.ts'
import { accuracy } from './accuracy.ts'
import { unmet } from './expectations.ts'
import { outcomeTable, shares, shareTable, storyOf } from './report.ts'

const expected = (overrides: Partial<Sample['expect']> = {}): Sample['expect'] => ({
  outcome: 'answered',
  by: [],
  says: [],
  doesNotSay: [],
  does: [],
  conflicts: [],
  ...overrides,
})
const entries = [
  anEntry('knowledge', aKnowledge()),
  anEntry('policy', aPolicy({ verdicts: [aVerdict()] })),
  anEntry('replies', aReply({ conflicts: [aFinding()] })),
]
const result = resultFor({ conflicts: [aFinding()], actions: ['extend_loan loan:L1'] })

test('a sample that got all that it must get has nothing unmet', () => {
  const all = expected({
    reason: 'agreed',
    by: ['loans', 'loans.extend-once'],
    says: ['30 DAYS'],
    doesNotSay: ['14 days'],
    does: ['extend_loan loan:L1'],
    conflicts: ['claims'],
  })
  expect(unmet(all, result, entries)).toEqual([])
})

test.each([
  [expected({ outcome: 'declined' }), 'outcome is answered (agreed), not declined'],
  [expected({ reason: 'forbidden' }), 'reason is agreed, not forbidden'],
  [expected({ by: ['fees'] }), 'fees decided nothing'],
  [expected({ says: ['14 days'] }), 'the reply does not say "14 days"'],
  [expected({ doesNotSay: ['30 days'] }), 'the reply says "30 days"'],
  [expected({ does: ['cancel loan:L1'] }), 'cancel loan:L1 was not done'],
  [expected({ conflicts: ['text'] }), 'the layer text found nothing'],
])('what is not as expected is said: %#', (expects, words) => {
  expect(unmet(expects, result, entries)).toEqual([words])
})

test('shares add up, the largest first', () => {
  const results = [resultFor(), resultFor({ outcome: 'declined', reason: 'forbidden' }), resultFor()]
  expect(shares(results).map(({ outcome, count }) => `${outcome} ${count}`)).toEqual(['answered 2', 'declined 1'])
  expect(shareTable(results)).toContain('answered  agreed     2         66.7 %')
})

test('a row that is not as expected stands out', () => {
  const row = { id: 's-1', shows: 'a question', result, unmet: [] }
  expect(outcomeTable([row])).not.toContain('NOT AS EXPECTED')
  expect(outcomeTable([{ ...row, unmet: ['it is wrong'] }])).toContain('NOT AS EXPECTED')
})

test('the contradiction that is told is the gravest', () => {
  const grave = aReply({ conflicts: [aFinding({ severity: 'critical', sentence: 'The gravest.' })] })
  const story = storyOf([...entries, anEntry('replies', grave)])
  expect(story).toContain('so                   The gravest.')
  expect(story).toContain('knowledge            30 days')
  expect(storyOf([])).toBeNull()
})

test('accuracy counts only labels that the domain knows, by id or alias', () => {
  const domain = { intents: new Map([['opening_hours', { id: 'opening_hours', aliases: ['hours'] }]]) } as unknown as Domain
  const triaged = (label: string | undefined, intent: string) => {
    const { request } = anEnvelope()
    const metadata: Record<string, string> = label === undefined ? {} : { intent: label }
    return anEntry('triage', aTriage({ intent, envelope: { request: { ...request, metadata } } }))
  }
  const seen = [
    triaged('hours', 'opening_hours'),
    triaged('opening_hours', 'fees'),
    triaged('unknown', 'fees'),
    triaged(undefined, 'fees'),
  ]
  expect(accuracy(domain, seen)).toEqual({ labelled: 2, right: 1, accuracy: 0.5 })
  expect(accuracy(domain, [anEntry('requests', aRequest())])).toBeNull()
})
