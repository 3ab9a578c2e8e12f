/** Invariant 7: late answers, and answers of an older revision, change nothing and are counted. */
import {
  actionResults,
  contentHash,
  drafts,
  failures,
  knowledge,
  messageHeaders,
  partitionKey,
  policy,
  traceOf,
  triaged,
  type Envelope,
  type Knowledge,
  type Topic,
} from '@concord/contracts'
import { anActionResult, aFailure } from '@concord/contracts/testing'
import { caseStoreKey } from '@concord/runtime'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

/** Publishes a message as its agent would, under an id of its own. */
async function inject<T extends { envelope: Envelope }>(world: World, topic: Topic<string, T>, value: T): Promise<void> {
  const { messageId, requestId } = value.envelope
  const headers = messageHeaders({
    topic: topic.name,
    messageId,
    source: value.envelope.madeBy.agent,
    requestId,
    time: Date.now(),
    trace: traceOf({}, value.envelope),
  })
  await world.sendRecords({
    topic: topic.name,
    key: partitionKey(value.envelope),
    value: await world.constellation.codec.encode(topic, value),
    headers,
  })
}

const again = <T extends { envelope: Envelope }>(value: T, change: Partial<T> = {}): T => ({
  ...value,
  ...change,
  envelope: { ...value.envelope, messageId: contentHash([value.envelope.messageId, change]) as Envelope['messageId'] },
})

async function storedState(world: World, requestId: string): Promise<{ status: string; reply: unknown; file: unknown }> {
  const stored = await world.constellation.store.get(caseStoreKey('coordinator', `default/${requestId}`))
  return (JSON.parse(stored?.value ?? 'null') as { state: { status: string; reply: unknown; file: unknown } }).state
}

test('what comes for a closed case changes neither its state nor its outcome', async () => {
  const world = await startWorld()
  await world.ask(world.request({ text: 'How many days do I have to return shoes?', requestId: 'closed' }))
  const valueOf = (noun: string) => world.of('closed', noun)[0]?.value as never
  const before = await storedState(world, 'closed')
  expect(before.status).toBe('closed')
  const said = valueOf('knowledge') as Knowledge

  await inject(world, triaged, again(valueOf('triage'), { intent: null } as never))
  await inject(world, knowledge, again(said, { claims: [] }))
  await inject(world, policy, again(valueOf('policy'), { claims: [] } as never))
  await inject(world, drafts, again(valueOf('drafts'), { text: 'You get 900 EUR.' } as never))
  const { envelope } = said
  await inject(world, failures, again(aFailure({ agent: 'response', envelope }), { agent: 'response' }))
  await inject(world, actionResults, again(anActionResult({ envelope }), { status: 'done' }))

  await eventually(() => {
    const late = world.of('closed', 'case-events').filter(({ value }) => value['event'] === 'late')
    expect(late.length).toBeGreaterThanOrEqual(6)
  })
  const after = await storedState(world, 'closed')
  expect(after).toEqual({ ...before, version: expect.any(Number) as number })
  expect(world.of('closed', 'replies')).toHaveLength(1)
  const figures = await Promise.all(world.constellation.services.map((service) => service.scrape()))
  expect(figures.join('\n')).toMatch(/concord_messages_skipped_total\{.*reason="late".*\} [1-9]/)
})

test('a draft for a brief that no longer stands releases nothing', async () => {
  const world = await startWorld()
  world.simulator.setFaults([{ kind: 'hang', match: 'marker-of-this-case', times: 'always' }])
  await world.ask(world.request({ text: 'How many days do I have to return shoes?', requestId: 'done' }))
  const draft = world.of('done', 'drafts')[0]?.value as { envelope: Envelope }
  const open = world.request({
    text: 'Do you ship to Finland? marker-of-this-case',
    requestId: 'open',
    deadline: Date.now() + 1_500,
  })
  await world.send(open)
  const opened = await eventually(() => {
    const [event] = world.of('open', 'case-events')
    if (event === undefined) throw new Error('the case is not opened yet')
    return event.value['envelope'] as Envelope
  })
  const forged = {
    ...draft,
    envelope: {
      ...opened,
      messageId: 'forged' as Envelope['messageId'],
      madeBy: draft.envelope.madeBy,
      basedOn: draft.envelope.basedOn,
    },
  }
  await inject(world, drafts as never, forged)
  await eventually(() => expect(world.of('open', 'case-events').map(({ value }) => value['event'])).toContain('late'))
  expect(await world.outcomes.waitFor(open)).toMatchObject({ outcome: 'expired', reply: null })
})
