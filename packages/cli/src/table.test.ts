import { expect, test } from 'vitest'
import { table } from './table.ts'

test('columns are as wide as their widest cell', () => {
  expect(table(['a', 'long head'], [['wide cell', 'b']])).toBe('a          long head\n─────────  ─────────\nwide cell  b')
})

test('a cell that is too wide is cut, and says so', () => {
  expect(table(['a'], [['123456']], 4)).toBe('a\n────\n123…')
})

test('a table without rows is its head', () => {
  expect(table(['a', 'b'], [])).toBe('a  b\n─  ─')
})
