import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

test('without options a thousand seeds run in two processes', () => {
  expect(readOptions([])).toEqual({ kind: 'many', from: 1, seeds: 1_000, workers: 2, untilFound: false })
})

test('one seed is run alone', () => {
  expect(readOptions(['--seed', '17', '--seeds', '5'])).toEqual({ kind: 'one', seed: 17 })
  expect(readOptions(['--seed', '', '--seeds', '5', '--from', '7'])).toMatchObject({ kind: 'many', seeds: 5, from: 7 })
})

test.each([
  [['--seeds', 'many'], "--seeds is 'many'; it must be a whole number from 1 on."],
  [['--from', '-1'], "--from is '-1'"],
  [['--workers', '0'], "--workers is '0'"],
])('%j is refused', (args, message) => {
  // `-1` would be read as an option of its own.
  const given = args[1]?.startsWith('-') === true ? [`${args[0]}=${args[1]}`] : args
  expect(() => readOptions(given)).toThrow(message)
})
