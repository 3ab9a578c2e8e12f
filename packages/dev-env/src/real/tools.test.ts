import { expect, test } from 'vitest'
import { javaVersion } from './tools.ts'

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_402"', 8],
  ['bash: java: command not found', 0],
])('%j is Java %d', (text, version) => {
  expect(javaVersion(text)).toBe(version)
})
