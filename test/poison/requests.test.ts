/** Requests that are poison, in the whole constellation: only the coordinator quarantines, triage counts and skips, and the next is answered. */
import { Request, requests } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, tenantId, type World } from '../e2e/world.ts'

const text = 'How many days do I have to return shoes?'

async function encoded({ constellation }: World, fields: object = {}): Promise<Buffer> {
  return constellation.codec.encode(requests, Request.parse({ tenantId, requestId: 'bad', text, ...fields }))
}

/** What triage says of itself in figures. */
async function skippedByTriage({ constellation }: World): Promise<number> {
  const scraped = await constellation.services.find(({ name }) => name === 'triage')?.scrape()
  const line = scraped?.split('\n').find((one) => /^concord_messages_skipped_total\{.*reason="unreadable"/.test(one))
  return Number(line?.split(' ').at(-1) ?? 0)
}

test('records under a key that is not theirs are quarantined once each, by the coordinator alone', async () => {
  const world = await startWorld()
  const value = await encoded(world)
  const keys: OutRecord['key'][] = [null, '', 'mallory:bad', `${tenantId}:another`, Buffer.from([0xff, 0x80]), 'k'.repeat(10_000)]
  await world.sendRecords(...keys.map((key) => ({ topic: requests.name, key, value, headers: {} })))
  await eventually(async () => expect(await world.deadLetters()).toHaveLength(keys.length))
  const found = await world.deadLetters()
  expect(new Set(found.map(({ topic }) => topic))).toEqual(new Set([`${requests.name}.coordinator.dlq`]))
  expect(found.every((letter) => letter.value?.equals(value))).toBe(true)
  await eventually(async () => expect(await skippedByTriage(world)).toBe(keys.length))
  expect(await world.ask(world.request({ text }))).toMatchObject({ outcome: 'answered' })
  expect([...world.of('bad', 'triage'), ...world.of('bad', 'replies')]).toEqual([])
}, 30_000)

test('a request that fits into a record, but not with what an answer adds to it, ends once and holds up nobody', async () => {
  const world = await startWorld()
  const at = world.constellation.clock.now()
  const turn = { role: 'customer', text: 'x'.repeat(19_000), at }
  const request = world.request({ text, conversationId: 'c', history: Array.from({ length: 50 }, () => turn) })
  const metadata = Object.fromEntries(Array.from({ length: 24 }, (_, key) => [`k-${key}`, 'y'.repeat(2_000)]))
  const value = await encoded(world, { ...request, metadata })
  expect(value.length).toBeGreaterThan(995_000)
  await world.sendRecords({ topic: requests.name, key: `${tenantId}:c`, value, headers: {} })
  expect(await world.ask(world.request({ text, conversationId: 'c' }))).toMatchObject({ outcome: 'answered' })
  expect(await world.outcomes.waitFor(request)).toMatchObject({ outcome: 'rejected' })
  await eventually(async () => {
    const services = await Promise.all(world.constellation.services.map((service) => service.scrape()))
    expect(services.filter((figures) => /^concord_messages_(in_flight|waiting|queued)(\{.*\})? [1-9]/m.test(figures))).toEqual([])
  })
}, 60_000)
