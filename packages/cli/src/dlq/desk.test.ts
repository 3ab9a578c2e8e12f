import { createCodec, createFolderRegistry, loadSchemas, requests } from '@concord/contracts'
import { aRequest, testTime } from '@concord/contracts/testing'
import { createMemoryBroker, type InRecord, type OutRecord } from '@concord/messaging'
import { caseStoreKey } from '@concord/runtime'
import { createMemoryStore } from '@concord/store'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { letterRecord } from '../testing/letters.ts'
import { createLetterDesk } from './desk.ts'
import { renderLetter } from './render.ts'

const dlq = 'concord.requests.v1.triage.dlq'
const id = 'requests.v1.triage/0/0'

async function scene(...records: OutRecord[]) {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const store = createMemoryStore({ clock })
  const schemas = loadSchemas()
  const codec = createCodec({ registry: createFolderRegistry(schemas), schemas })
  await (
    await broker.admin()
  ).createTopics([
    { topic: requests.name, partitions: 3 },
    { topic: dlq, partitions: 1 },
  ])
  const producer = await broker.producer({ clientId: 'test' })
  await producer.send(records)
  const open = () => createLetterDesk({ broker, store, codec, send: (out) => producer.send(out) })
  const on = async (topic: string): Promise<InRecord[]> => {
    const found: InRecord[] = []
    for (const { partition } of await (await broker.admin()).topicOffsets(topic)) {
      for await (const list of broker.read({ topic, partition }, { from: 0, to: Infinity })) found.push(...list)
    }
    return found
  }
  return { clock, codec, store, producer, open, desk: open(), on }
}

const ada = { by: 'ada', force: false }

test('a replay sends the message where it came from, as it was, and is noted with who did it', async () => {
  const bytes = Buffer.from([0, 1, 0xff])
  const { desk, on } = await scene(letterRecord({ value: bytes, headers: { traceparent: 'tp', odd: Buffer.from([0xff]) } }))
  expect(await desk.replay({ id, ...ada })).toEqual({ id, outcome: 'sent', replays: 1 })
  const [sent, ...more] = await on(requests.name)
  expect(more).toEqual([])
  expect(sent).toMatchObject({ partition: 1, key: Buffer.from('acme:c-1'), value: bytes })
  expect(sent?.headers).toEqual({
    traceparent: Buffer.from('tp'),
    odd: Buffer.from([0xff]),
    'x-replay-count': Buffer.from('1'),
  })
  expect((await desk.letters())[0]?.settlements).toMatchObject([{ action: 'replayed', by: 'ada' }])
})

test('a second replay is refused by whoever looks, also where nothing is remembered but the topics', async () => {
  const { open, on } = await scene(letterRecord())
  await open().replay({ id, ...ada })
  expect(await open().replay({ id, ...ada })).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('replayed by ada'),
  })
  expect(await on(requests.name)).toHaveLength(1)
  expect(await open().replay({ id, by: 'bob', force: true })).toMatchObject({ outcome: 'sent' })
  expect(await on(requests.name)).toHaveLength(2)
})

test('a letter that has come back three times is refused', async () => {
  const { desk, on } = await scene(letterRecord({ headers: { 'x-replay-count': '3' } }))
  expect(await desk.replay({ id, ...ada })).toMatchObject({ outcome: 'refused', why: expect.stringContaining('3 replays') })
  expect(await on(requests.name)).toEqual([])
})

test('a discarded letter stays where it is, with who said so, when and why', async () => {
  const { desk, clock, on } = await scene(letterRecord())
  await desk.discard({ id, by: 'ada', reason: 'a test of the producer' })
  const [letter] = await desk.letters()
  expect(letter?.settlements).toEqual([
    { action: 'discarded', offset: 0, by: 'ada', reason: 'a test of the producer', at: clock.now() },
  ])
  await expect(desk.discard({ id, by: 'bob', reason: 'too' })).rejects.toThrow('was discarded by ada before')
  expect(await on(requests.name)).toEqual([])
})

test('what did not fit into the letter is read where the message stood', async () => {
  const original = { topic: requests.name, partition: 1, key: 'acme:c-1', value: Buffer.from('large'), headers: { own: 'yes' } }
  const { desk, on } = await scene(original, letterRecord({ value: null, headers: { 'x-omitted': 'value' } }))
  await desk.replay({ id, ...ada })
  const [, sent] = await on(requests.name)
  expect(sent).toMatchObject({ value: Buffer.from('large') })
  expect(sent?.headers).toEqual({ own: Buffer.from('yes'), 'x-replay-count': Buffer.from('1') })
})

test('where that is gone too, it is said, and nothing is noted', async () => {
  const { desk } = await scene(letterRecord({ value: null, headers: { 'x-omitted': 'value' } }))
  await expect(desk.replay({ id, ...ada })).rejects.toThrow('concord.requests.v1/1 no longer holds offset 0')
  expect((await desk.letters())[0]?.settlements).toEqual([])
})

test('a letter that nobody wrote is not found', async () => {
  const { desk } = await scene()
  for (const unknown of [id, 'nobody.v1.knows/0/0', 'no id']) {
    await expect(desk.page(unknown, false)).rejects.toMatchObject({ code: 'not_found' })
  }
})

test('a page shows the message with what is personal hidden, until it is revealed', async () => {
  const { codec, producer, desk, store } = await scene()
  const value = await codec.encode(requests, aRequest({ text: 'I am Ada.' }))
  await producer.send([letterRecord({ value, headers: { baggage: 'who=Ada', ce_id: 'm-1' } })])
  const state = { status: 'closed', reply: { outcome: 'answered' }, file: { envelope: { deadline: testTime } } }
  await store.put(caseStoreKey('coordinator', 'acme/req-1'), JSON.stringify({ state }), { ifVersion: 0 })

  const page = await desk.page(id, false)
  expect(page).toMatchObject({
    letter: { requestId: 'req-1', tenantId: 'acme', conversationId: 'c-1' },
    standing: { status: 'closed', outcome: 'answered' },
    message: { value: { requestId: 'req-1', text: '(personal)' } },
  })
  const text = renderLetter(page, testTime)
  expect(text).not.toContain('Ada')
  for (const words of [
    'unreadable: no.',
    'concord.requests.v1/1/0',
    'ce_id: m-1',
    'closed (answered) and will not change',
    'at decode',
  ]) {
    expect(text).toContain(words)
  }
  expect(renderLetter(await desk.page(id, true), testTime)).toMatch(/I am Ada\.[^]*it quotes "Ada"|it quotes "Ada"[^]*I am Ada/)
})

test('a message that cannot be read says why, and shows no more than its first bytes', async () => {
  const { desk } = await scene(letterRecord({ value: Buffer.from('{"text":"I am Ada."}') }))
  const page = await desk.page(id, false)
  expect(page).toMatchObject({
    letter: { requestId: null },
    standing: null,
    message: { hex: Buffer.from('{"tex').toString('hex') },
  })
  const text = renderLetter(page, testTime)
  expect(text).toContain('magic byte')
  expect(text).not.toContain('Ada')
})

test('a message that breaks a rule of its schema is shown as Avro reads it', async () => {
  const { codec, producer, desk } = await scene()
  const loose = { ...requests, schema: { safeParse: (data: unknown) => ({ success: true, data }) } } as unknown as typeof requests
  await producer.send([letterRecord({ value: await codec.encode(loose, { ...aRequest(), text: '  ' }) })])
  expect(await desk.page(id, true)).toMatchObject({ letter: { requestId: 'req-1' }, message: { value: { text: '  ' } } })
})

test('letters come oldest first, and what is no letter is passed over', async () => {
  const junk = { topic: dlq, key: null, value: null, headers: {} }
  const { desk, clock, producer } = await scene(letterRecord(), junk)
  await clock.advance(1_000)
  await producer.send([letterRecord({ headers: { ce_subject: 'req-2' } })])
  expect((await desk.letters()).map((letter) => [letter.id, letter.requestId])).toEqual([
    [id, null],
    ['requests.v1.triage/0/2', 'req-2'],
  ])
})
