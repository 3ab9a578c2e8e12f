import { requests, triaged, type Topic } from '@concord/contracts'
import { expect, test } from 'vitest'
import { badInput } from './bad-input.ts'
import { createLog, facts } from './testing.ts'

const check = badInput(() => ['knowledge', 'policy'])

function spoilt(topic: Topic, letters: readonly string[]) {
  const { said, all } = createLog()
  const headers = { ce_id: 'bad-1' }
  said(topic, null, { headers })
  for (const group of letters) {
    const place = { 'x-original-topic': topic.name, 'x-original-partition': '0', 'x-original-offset': '0' }
    said({ ...topic, name: `${topic.name}.${group}.dlq` }, null, { headers: { ...headers, ...place, 'x-consumer-group': group } })
  }
  const bad = [{ topic: topic.name, key: 'k', headers, value: null }]
  return facts({ appended: all, bad })
}

test('what nobody can read is a dead letter of each of its readers', () => {
  expect(check(spoilt(triaged, ['knowledge', 'policy']))).toEqual([])
  expect(check(spoilt(triaged, ['policy']))).toEqual(['knowledge has put concord.triage.v1/0@0 nowhere.'])
})

test('a request that nobody can read is the coordinator’s to put aside', () => {
  expect(check(spoilt(requests, ['coordinator']))).toEqual([])
  expect(check(spoilt(requests, ['triage']))).toEqual(['coordinator has put concord.requests.v1/0@0 nowhere.'])
})
