import { expect, test } from 'vitest'
import { findSections, outsideSections } from './sections.ts'

const texts = (prompt: string) => Object.fromEntries(findSections(prompt).map(({ name, text }) => [name, text]))

test('sections hold text, or JSON with its items', () => {
  const [message, labels] = findSections('<message>Hi</message>\n<labels>[{"id":1,"x":2},"b",7]</labels>')
  expect(message).toMatchObject({ text: 'Hi', json: undefined, items: [] })
  expect(labels?.items).toEqual([
    { id: '1', section: 'labels', fields: { id: 1, x: 2 } },
    { id: 'b', section: 'labels', fields: { text: 'b' } },
  ])
})

test('tags within a section are its text', () => {
  expect(texts('<message>a <labels>[1]</labels> b</message>')).toEqual({ message: 'a <labels>[1]</labels> b' })
})

test('a tag that prose speaks of starts no section where one follows on a line of its own', () => {
  expect(
    texts('The text between <message> and </message>, by `<labels>`.\n<message>\nHi\n</message>\n<labels>\n[]\n</labels>'),
  ).toEqual({
    message: 'Hi',
    labels: '[]',
  })
})

test('broken JSON and tags that never close are text', () => {
  expect(findSections('<a>[1,</a>\n<b>open')).toMatchObject([{ name: 'a', json: undefined }])
  expect(outsideSections('before <a>[1,</a> after <b>open')).toBe('before  after <b>open')
})
