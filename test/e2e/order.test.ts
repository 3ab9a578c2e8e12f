/** Invariant 5: order within a conversation, parallel across conversations. */
import { expect, test } from 'vitest'
import { startWorld } from './world.ts'

const question = 'How many days do I have to return shoes?'

test('a slow conversation delays no other', async () => {
  const world = await startWorld()
  world.simulator.setFaults([{ kind: 'slow', ms: 2_500, match: 'the slow one', times: 1 }])
  const slow = world.request({ text: `${question} This is the slow one.`, conversationId: 'slow' })
  await world.send(slow)
  const others = Array.from({ length: 40 }, (_, at) => world.request({ text: `${question} (${at})`, conversationId: `c-${at}` }))
  const results = await Promise.all(others.map((request) => world.ask(request)))
  expect(results.map(({ outcome }) => outcome)).toEqual(others.map(() => 'answered'))
  expect(world.of(slow.requestId, 'replies')).toEqual([])
  expect(await world.outcomes.waitFor(slow)).toMatchObject({ outcome: 'answered' })
}, 15_000)

test('an agent handles the requests of one conversation in the order of the log', async () => {
  const world = await startWorld()
  world.simulator.setFaults([{ kind: 'slow', ms: 400, match: 'comes first', times: 1 }])
  const texts = ['This comes first.', 'This comes second.', 'This comes third.']
  const requests = texts.map((text) => world.request({ text: `${question} ${text}`, conversationId: 'one' }))
  await world.send(...requests)
  await Promise.all(requests.map((request) => world.outcomes.waitFor(request)))
  const triaged = world.entries.filter(({ noun }) => noun === 'triage').map(({ requestId }) => requestId)
  expect(triaged).toEqual(requests.map(({ requestId }) => requestId))
})

test('a case that waits for a person delays neither its conversation nor another', async () => {
  const world = await startWorld()
  const waiting = world.request({ text: 'I will sue you, my lawyer is informed.', conversationId: 'one' })
  expect(await world.ask(waiting)).toMatchObject({ outcome: 'escalated' })
  expect(await world.ask(world.request({ text: question, conversationId: 'one' }))).toMatchObject({ outcome: 'answered' })
  expect(await world.ask(world.request({ text: question, conversationId: 'two' }))).toMatchObject({ outcome: 'answered' })
  expect(world.of(waiting.requestId, 'replies')).toHaveLength(1)
})
