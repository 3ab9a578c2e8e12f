import { anEnvelope } from '@concord/contracts/testing'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { queryFor, retrieve } from './retrieve.ts'

const library = await loadDomain(libraryFolder)
const intent = library.intents.get('loan_length')!
const { request } = anEnvelope()
const history = [
  { role: 'customer' as const, text: 'Late fees on my loan?', at: null },
  { role: 'agent' as const, text: 'Twenty pence.', at: null },
]

test('a short message is helped by what the customer said before, never by what was answered', () => {
  const { text, hint } = queryFor({ request: { ...request, text: 'and for films?', history } }, intent)
  expect(text).toBe('and for films?')
  expect(hint).toContain('Late fees on my loan?')
  expect(hint).not.toContain('Twenty pence')
})

test('a whole sentence stands for itself', () => {
  const { hint } = queryFor({ request: { ...request, text: 'How long may I keep a film at home?', history } }, intent)
  expect(hint).toBe(intent.description)
})

test('the search keeps to what the asker may read, as of the time of asking', () => {
  const query = queryFor({ request: { ...request, accessGroups: ['staff'], receivedAt: 7 } }, intent)
  expect(query).toMatchObject({ accessGroups: ['staff'], at: 7 })
})

test('an article whose facts are about something else is left out, and one without facts is not', () => {
  const asked = { request: { ...request, text: 'May staff waive the fee for a late book?', accessGroups: ['public', 'staff'] } }
  const documents = (about: string[]) =>
    new Set(retrieve(library, asked, { ...intent, about }).map(({ passage }) => passage.document))
  expect(documents(['loan.'])).toEqual(new Set(['loans', 'staff-fees']))
  expect(documents(['branch.'])).toEqual(new Set(['staff-fees']))
  expect(documents([])).toEqual(new Set(['loans', 'staff-fees']))
})
