import { expect, test } from 'vitest'
import { serviceNames } from '../roster.ts'
import { choosePorts, planReplicas } from './replicas.ts'
import type { Replica } from './run-folder.ts'

const names = (replicas: readonly Replica[]) => replicas.map(({ name }) => name)
const planned = (scale: Parameters<typeof planReplicas>[1], before: readonly Replica[] = []) =>
  planReplicas(before, scale, '/run')

test('the first time, there is one replica of each service', () => {
  expect(names(planned({}).keep)).toEqual(serviceNames.map((service) => `${service}-0`))
})

test('what was there before is kept with its port where nothing is said', () => {
  const before = planned({ triage: 2 }).keep.map((replica, n) => ({ ...replica, port: 4100 + n }))
  expect(planned({}, before)).toEqual({ keep: before, drop: [] })
})

test('a smaller scale drops the last replicas, a larger one adds new ones', () => {
  const before = planned({ triage: 2, policy: 1 }).keep
  const { keep, drop } = planned({ triage: 1, policy: 2 }, before)
  expect(names(drop)).toEqual(['triage-1'])
  expect(names(keep)).toContain('policy-1')
  expect(names(keep)).not.toContain('triage-1')
})

test('a service can be left out, and stays out', () => {
  const before = planned({ executor: 0 }).keep
  expect(names(planned({}, before).keep)).not.toContain('executor-0')
})

test('every replica gets a port of its own and keeps the one it had', async () => {
  const [first, ...others] = planned({ triage: 2 }).keep
  const chosen = await choosePorts([{ ...first!, port: 4101 }, ...others])
  expect(chosen[0]?.port).toBe(4101)
  expect(new Set(chosen.map(({ port }) => port)).size).toBe(chosen.length)
})
