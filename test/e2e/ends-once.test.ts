/** Invariant 1: every request ends once. */
import { replies, type Reply } from '@concord/contracts'
import { dueIndex, outboxIndex } from '@concord/runtime'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

const question = 'How many days do I have to return shoes?'

/** The reply's records as they lie on the topic, without the notice that a person decides. */
async function outcomesOf(world: World, requestId: string) {
  const records = await world.records(replies.name)
  const decoded = await Promise.all(
    records.map(async (record) => ({ record, reply: await world.constellation.codec.decode(replies, record.value) })),
  )
  return decoded.filter(({ reply }) => reply.envelope.requestId === requestId && reply.outcome !== 'escalated')
}

/** Until the coordinator has taken everything that was sent in this conversation before. */
async function past(world: World, conversationId: string): Promise<void> {
  await world.ask(world.request({ text: question, conversationId }))
}

test('a request that is sent again gets the same outcome, byte for byte', async () => {
  const world = await startWorld()
  const request = world.request({ text: question, conversationId: 'c-1' })
  await world.ask(request)
  await world.send(request)
  const [first, second] = await eventually(async () => {
    const found = await outcomesOf(world, request.requestId)
    expect(found).toHaveLength(2)
    return found
  })
  expect(second?.record.value?.equals(first?.record.value ?? Buffer.alloc(0))).toBe(true)
  expect(String(second?.record.headers['ce_id'])).toBe(String(first?.record.headers['ce_id']))
})

test('a request that is sent five times at once has one outcome, and its action is done once', async () => {
  const world = await startWorld()
  const request = world.request({ text: 'Please cancel order W2040117', customerId: 'C1001', conversationId: 'c-1' })
  await world.send(request, request, request, request, request)
  await world.outcomes.waitFor(request)
  await past(world, 'c-1')
  const found = await outcomesOf(world, request.requestId)
  expect(new Set(found.map(({ record }) => record.value?.toString('hex'))).size).toBe(1)
  expect(new Set(world.of(request.requestId, 'actions').map(({ headers }) => headers['ce_id'])).size).toBeLessThanOrEqual(1)
})

for (const [where, conversationId] of [
  ['the same conversation', 'c-1'],
  ['another conversation', 'c-2'],
] as const) {
  test(`other content under a request id already taken, in ${where}, is rejected, and the first keeps its outcome`, async () => {
    const world = await startWorld()
    const first = world.request({ requestId: 'taken', text: question, conversationId: 'c-1' })
    const second = world.request({ requestId: 'taken', text: 'Do you ship to Finland?', conversationId })
    await world.ask(first)
    await world.send(second)
    const found = await eventually(async () => {
      const all = await outcomesOf(world, 'taken')
      expect(all).toHaveLength(2)
      return all.map(({ reply }) => reply)
    })
    expect(found.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['answered', 'rejected']))
    const rejected = found.find(({ outcome }) => outcome === 'rejected')
    expect(rejected).toMatchObject({ reason: 'request_id_reused', text: null, error: expect.stringContaining('taken') as string })
    expect(rejected?.envelope.conversationId).toBe(conversationId)

    await world.send(first)
    await eventually(async () => {
      const again = (await outcomesOf(world, 'taken')).filter(({ reply }) => reply.outcome === 'answered')
      expect(again).toHaveLength(2)
      expect(again[1]?.record.value?.equals(again[0]?.record.value ?? Buffer.alloc(0))).toBe(true)
    })
  })

  test(`of two contents that come under one id at once, in ${where}, one is rejected and the other answered`, async () => {
    const world = await startWorld()
    const texts = [question, 'Do you ship to Finland?']
    await world.send(
      world.request({ requestId: 'taken', text: texts[0], conversationId: 'c-1' }),
      world.request({ requestId: 'taken', text: texts[1], conversationId }),
    )
    await eventually(() => {
      const found = world.of('taken', 'replies').map(({ value }) => value as unknown as Reply)
      expect(found.map(({ outcome }) => outcome).toSorted()).toEqual(['answered', 'rejected'])
      expect(new Set(found.map(({ envelope }) => envelope.request.text))).toEqual(new Set(texts))
    })
  })
}

test('a closed case leaves nothing behind that is due, also where its request id was used in other conversations', async () => {
  const world = await startWorld()
  const conversations = Array.from({ length: 8 }, (_, at) => `c-${at}`)
  const requests = conversations.map((conversationId, at) =>
    world.request({ requestId: 'taken', text: `${question} (${at})`, conversationId }),
  )
  await world.send(...requests)
  await eventually(() => expect(world.of('taken', 'replies')).toHaveLength(conversations.length))
  const { store } = world.constellation
  await eventually(async () => {
    for (let partition = 0; partition < 6; partition++) {
      expect(await store.range(dueIndex('coordinator', partition), { limit: 10 })).toEqual([])
      expect(await store.range(outboxIndex('coordinator', partition), { limit: 10 })).toEqual([])
    }
  }, 1_000)
})

test('a case whose agent does not answer expires at its deadline, with one outcome', async () => {
  const world = await startWorld()
  world.simulator.setFaults([{ kind: 'hang', times: 'always' }])
  const deadline = Date.now() + 1_000
  const result = await world.ask(world.request({ text: question, deadline }))
  expect(result).toMatchObject({ outcome: 'expired', reason: 'deadline_exceeded', reply: null })
  expect(Date.now()).toBeGreaterThanOrEqual(deadline)
  expect(Date.now()).toBeLessThan(deadline + 2_000)
  expect(result.error).toContain('waiting for triage')
  expect(await outcomesOf(world, result.requestId)).toHaveLength(1)
})
