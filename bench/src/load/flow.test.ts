import { expect, test } from 'vitest'
import { readFlow, stagesOf, type Seen } from './flow.ts'
import { topicsOf } from './relay-plan.ts'

const message = (id: string, noun: string, maker: string, bytes: number, ...basedOn: string[]): Seen => ({
  id,
  topic: `concord.${noun}.v1`,
  maker,
  bytes,
  basedOn,
})

test('what rests on several messages is caused by the last of them, and by the request where it rests on none', () => {
  const seen = [
    message('', 'requests', 'producer', 100),
    message('t', 'triage', 'triage', 400, 'the-request'),
    message('k', 'knowledge', 'knowledge', 500, 't'),
    message('p', 'policy', 'policy', 300, 't', 'a-tool-result'),
    message('b', 'briefs', 'coordinator', 800, 't', 'p', 'k'),
  ]
  expect(stagesOf(seen, 1)).toEqual([
    { group: 'bench-triage', routes: [{ from: 'bench.requests.v1', to: [{ topic: 'bench.triage.v1', count: 1, bytes: 400 }] }] },
    {
      group: 'bench-knowledge',
      routes: [{ from: 'bench.triage.v1', to: [{ topic: 'bench.knowledge.v1', count: 1, bytes: 500 }] }],
    },
    { group: 'bench-policy', routes: [{ from: 'bench.triage.v1', to: [{ topic: 'bench.policy.v1', count: 1, bytes: 300 }] }] },
    {
      group: 'bench-coordinator',
      routes: [{ from: 'bench.policy.v1', to: [{ topic: 'bench.briefs.v1', count: 1, bytes: 800 }] }],
    },
  ])
})

test('requests that cause different numbers of messages are no workload', () => {
  const seen = [
    message('t', 'triage', 'triage', 400, 'a'),
    message('u', 'triage', 'triage', 400, 'b'),
    message('v', 'drafts', 'r', 1, 't'),
  ]
  expect(() => stagesOf(seen, 2)).toThrow('cause different messages')
})

test('a real run goes from the request to one reply, over every topic of a plain answer', async () => {
  const { stages, messages, bytes } = await readFlow()
  const sent = stages.flatMap(({ routes }) => routes.flatMap(({ to }) => to))
  expect(topicsOf(stages).toSorted()).toEqual(
    ['briefs', 'case-events', 'drafts', 'knowledge', 'model-calls', 'policy', 'replies', 'requests', 'triage'].map(
      (noun) => `bench.${noun}.v1`,
    ),
  )
  expect(sent.filter(({ topic }) => topic === 'bench.replies.v1')).toMatchObject([{ count: 1 }])
  expect(sent.reduce((sum, { count }) => sum + count, 1)).toBe(messages)
  expect(bytes).toBeGreaterThan(messages * 300)
})
