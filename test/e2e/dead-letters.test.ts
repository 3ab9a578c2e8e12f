/** Dead letters replayed: the same message again, so one trace and one outcome, and nothing published twice. */
import { createDecider, createLetterDesk, ownersOf, planReplays, type LetterDesk } from '@concord/cli'
import { createFolderRegistry, Fault, loadSchemas, type Escalation } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

function deskOf({ broker, constellation, sendRecords }: World): LetterDesk {
  const { store, codec } = constellation
  return createLetterDesk({ broker, store, codec, send: (records) => sendRecords(...records) })
}

const ada = { by: 'ada', force: false }

/** The letter that comes of the request. */
const letterOf = (desk: LetterDesk, group: string) =>
  eventually(async () => {
    const letter = (await desk.letters()).find((one) => one.group === group && one.settlements.length === 0)
    if (letter === undefined) throw new Error(`${group} has given nothing up yet`)
    return letter
  })

async function prospects(desk: LetterDesk): Promise<string[]> {
  const letters = (await desk.letters()).filter(({ settlements }) => settlements.length === 0)
  const plan = planReplays(letters, await desk.standings(ownersOf(letters)), { force: false, now: Date.now() })
  return plan.map(({ prospect }) => prospect.effect)
}

/** Knows no schema by its id until it is told to: what is written with it cannot be read. */
function forgetfulRegistry() {
  const folder = createFolderRegistry(loadSchemas())
  const state = { knows: false }
  const schemaById: typeof folder.schemaById = async (id) => {
    if (!state.knows) throw new Fault('unreadable', `the registry has no schema ${id}.`)
    return folder.schemaById(id)
  }
  return { registry: { ...folder, schemaById }, learn: () => void (state.knows = true) }
}

test('a request that nobody could read is answered after its replay, in its own trace and once', async () => {
  const { registry, learn } = forgetfulRegistry()
  const world = await startWorld({ ports: { registry } })
  const desk = deskOf(world)
  const request = world.request({ text: 'How many days do I have to return shoes?' })
  await world.send(request)
  const letter = await letterOf(desk, 'coordinator')
  expect(letter).toMatchObject({ errorClass: 'unreadable', requestId: request.requestId })
  expect(await prospects(desk)).toEqual(['work'])

  learn()
  expect(await desk.replay({ id: letter.id, ...ada })).toMatchObject({ outcome: 'sent' })
  const result = await world.outcomes.waitFor(request)
  expect(result).toMatchObject({ outcome: 'answered', traceId: letter.traceId })
  const own = world.of(request.requestId)
  expect(new Set(own.map(({ traceId }) => traceId))).toEqual(new Set([letter.traceId]))
  expect(world.of(request.requestId, 'replies')).toHaveLength(1)

  expect(await desk.replay({ id: letter.id, ...ada })).toMatchObject({ outcome: 'refused' })
  expect(await desk.replay({ id: letter.id, by: 'ada', force: true })).toMatchObject({ outcome: 'sent' })
  await eventually(() => expect(world.of(request.requestId, 'replies')).toHaveLength(2))
  const replies = world.of(request.requestId, 'replies')
  expect(new Set(replies.map(({ value }) => JSON.stringify(value))).size).toBe(1)
  expect(world.of(request.requestId, 'triage')).toHaveLength(1)
  expect(world.of(request.requestId, 'drafts')).toHaveLength(1)
}, 20_000)

test('what an agent gave up is worked on again, and kept for the person who has the case by now', async () => {
  const world = await startWorld()
  const desk = deskOf(world)
  world.simulator.setFaults([{ kind: 'refusal', match: 'marker-of-this-case', times: 1 }])
  const request = world.request({ text: 'How many days do I have to return shoes? marker-of-this-case' })
  expect(await world.ask(request)).toMatchObject({ outcome: 'escalated', reason: 'agent_failed' })
  const letter = await letterOf(desk, 'triage')
  expect(await prospects(desk)).toEqual(['evidence'])

  await desk.replay({ id: letter.id, ...ada })
  await eventually(() => expect(world.of(request.requestId, 'knowledge')).toHaveLength(1))
  const events = () => world.of(request.requestId, 'case-events').map(({ value }) => value['event'])
  await eventually(() => expect(events()).toEqual(expect.arrayContaining(['triaged', 'informed', 'ruled'])))
  expect(world.outcomes.outcomeIds(request).size).toBe(0)
  expect(new Set(world.of(request.requestId).map(({ traceId }) => traceId))).toEqual(new Set([letter.traceId]))
}, 20_000)

/** A person ends the case. */
async function reject({ broker, constellation, sendRecords, of }: World, requestId: string): Promise<void> {
  const { store, codec, clock, domain } = constellation
  const publish = (records: OutRecord[]) => sendRecords(...records)
  const decide = createDecider({ broker, store, codec, clock, domainVersion: domain.version, publish })
  const [escalation] = of(requestId, 'escalations').map(({ value }) => value as unknown as Escalation)
  if (escalation === undefined) throw new Error(`${requestId} waits for nobody`)
  const { caseVersion, shownHash } = escalation
  const said = { requestId, decision: 'reject', text: null, reason: null, reviewer: 'ada' } as const
  expect(await decide({ ...said, caseVersion, shownHash })).toMatchObject({ event: 'decided' })
}

test('a replay for a closed case is announced as idle, changes nothing and is counted', async () => {
  const world = await startWorld()
  const desk = deskOf(world)
  world.simulator.setFaults([{ kind: 'refusal', match: 'marker-of-this-case', times: 1 }])
  const request = world.request({ text: 'How many days do I have to return shoes? marker-of-this-case' })
  await world.ask(request)
  const letter = await letterOf(desk, 'triage')
  await reject(world, request.requestId)
  expect(await prospects(desk)).toEqual(['nothing'])

  await desk.replay({ id: letter.id, ...ada })
  const late = () => world.of(request.requestId, 'case-events').filter(({ value }) => value['event'] === 'late')
  await eventually(() => expect(late().length).toBeGreaterThanOrEqual(3))
  const outcomes = world.of(request.requestId, 'replies').filter(({ value }) => value['outcome'] !== 'escalated')
  expect(new Set(outcomes.map(({ value }) => JSON.stringify(value))).size).toBe(1)
  expect(outcomes[0]?.value).toMatchObject({ outcome: 'declined' })
  const [standing] = await desk.standings([request])
  expect(standing).toMatchObject({ status: 'closed', outcome: 'declined' })
  const pages = await Promise.all(world.constellation.services.map((service) => service.scrape()))
  expect(pages.join('\n')).toMatch(/concord_messages_skipped_total\{.*reason="late".*service="coordinator".*\} [1-9]/)
}, 20_000)
