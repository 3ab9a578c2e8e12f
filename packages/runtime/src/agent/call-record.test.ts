import { aModelCall } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { aWork, manifest, pieces } from '../testing/pieces.ts'
import { createAgentRecords } from './agent-records.ts'
import type { Agent } from './define-agent.ts'

test('the record of a call has the same bytes whenever it is made: its send may be repeated later', async () => {
  const { bench, shell } = await pieces()
  const { outputs } = createAgentRecords(shell, { ...manifest, domainVersion: 'test-1' } as unknown as Agent)
  const { envelope: _, ...call } = aModelCall()
  const work = aWork({ calls: [call] })
  const [first] = await outputs(work, [])
  await bench.pass(5_000)
  const [second] = await outputs(work, [])
  expect(first?.value).toBeInstanceOf(Buffer)
  expect(second?.value).toEqual(first?.value)
  expect(second?.headers['ce_id']).toBe(first?.headers['ce_id'])
})
