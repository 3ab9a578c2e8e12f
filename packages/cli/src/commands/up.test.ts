import { expect, test } from 'vitest'
import { addScale, describe as describeUp } from './up.ts'

test('replicas are set for one service or for all, the last word counts', () => {
  expect(addScale('triage=3', addScale('all=2', {}))).toMatchObject({ triage: 3, coordinator: 2, executor: 2 })
})

test.each(['triage', 'triage=', 'triage=x', 'triage=-1', 'nobody=2'])('%s is refused', (text) => {
  expect(() => addScale(text, {})).toThrow(/Write it as triage=2|nobody is no service/)
})

test('the table shows what runs where, and what has died', () => {
  const replica = (name: string, port: number) => ({ name, service: 'triage' as const, pid: 1, port, log: `/run/${name}.log` })
  const record = {
    startedAt: '',
    env: {},
    parts: [
      { name: 'kafka' as const, by: 'given' as const, address: 'broker:9092' },
      { name: 'redis' as const, by: 'native' as const, address: 'redis://127.0.0.1:6379' },
    ],
    replicas: [replica('triage-0', 4100), replica('triage-1', 4101)],
  }
  const page = describeUp(
    record,
    ['redis', 'triage-0'],
    new Map([
      ['redis', 11],
      ['triage-0', 12],
    ]),
  )
  expect(page).toContain('broker:9092 (given)')
  expect(page).toMatch(/triage +0 +12 +http:\/\/127.0.0.1:4100\/readyz +\/run\/triage-0.log/)
  expect(page).toMatch(/triage +1 +not running +\/run\/triage-1.log/)
  expect(page).toContain('Started 2: redis, triage-0.')
})
