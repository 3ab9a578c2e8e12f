import { expect, test } from 'vitest'
import { isRunning } from './parts.ts'

const three = { address: 'a:1,b:2,c:3' }

test.each([
  ['redis', 'redis', { address: 'redis://a:1' }, true],
  ['redis', 'kafka', { address: 'redis://a:1' }, false],
  ['kafka', 'kafka', { address: 'a:1' }, true],
  ['kafka', 'kafka-1 kafka-2 kafka-3', three, true],
  ['kafka', 'kafka-1 kafka-3', three, false],
] as const)('%s with the processes %s', (part, processes, record, runs) => {
  expect(isRunning(part, record, new Set(processes.split(' ')))).toBe(runs)
})
