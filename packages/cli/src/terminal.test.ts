import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { openScreen, painter, wantsColour } from './terminal.ts'

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, {}, false],
])('%j with %j has colours: %j', (terminal, env, wanted) => {
  expect(wantsColour({ write: () => undefined, ...terminal }, env)).toBe(wanted)
})

function page(columns: number, rows: number, text: string): string[] {
  const written: string[] = []
  openScreen({ write: (one) => written.push(one), isTTY: true, columns, rows }).draw(text)
  return stripVTControlCharacters(written.join('')).split('\n')
}

test('a page that is too wide or too high for the terminal is cut, and says so', () => {
  expect(page(5, 4, '123456\nb\nc\nd\ne')).toEqual(['1234…', 'b', '…', ''])
})

test('a painted line is as wide as its text', () => {
  expect(page(3, 10, painter(true)('123', 'red'))).toEqual(['123', ''])
})
