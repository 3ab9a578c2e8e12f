import { expect, test } from 'vitest'
import { check, violations, type Evidence } from './check.ts'
import type { Asking, Cause, Happening } from './happening.ts'
import type { Sighting } from './sighting.ts'
import { aReply, aSighting, evidence, goodSightings } from './testing.ts'

const found = (fields: Partial<Evidence>) => violations(check(evidence(fields))).map((line) => line.split(' (')[0])

/** The good set, changed. */
const spoilt = (spoil: (sightings: Sighting[]) => readonly Sighting[]) => found({ sightings: spoil(goodSightings()) })

test('nothing is found where nothing is wrong', () => {
  const verdict = check(evidence())
  expect(violations(verdict)).toEqual([])
  expect(verdict).toMatchObject({ asked: 2, outcomes: { ended: 2, repeats: 0, kinds: new Map([['answered agreed', 2]]) } })
})

test('a request without outcome is missing', () => {
  expect(spoilt((all) => all.filter(({ noun, requestId }) => noun !== 'replies' || requestId !== 'r2'))).toEqual(['missing'])
})

test('the notice that a person decides is no outcome', () => {
  const notice = aReply('r3', { body: { kind: 'reply', outcome: 'escalated', reason: 'safety' } })
  expect(found({ asked: ['r1', 'r2', 'r3'], sightings: [...goodSightings(), notice] })).toEqual(['missing'])
  const outcome = aReply('r3', { messageId: 'another' })
  expect(found({ asked: ['r1', 'r2', 'r3'], sightings: [...goodSightings(), notice, outcome] })).toEqual([])
})

test('two outcome ids are double, and so is one id with two contents', () => {
  expect(spoilt((all) => [...all, aReply('r1', { messageId: 'another' })])).toEqual(['double'])
  expect(spoilt((all) => [...all, aReply('r1', { content: 'other' })])).toEqual(['double'])
})

test('the same outcome again is counted apart', () => {
  const verdict = check(evidence({ sightings: [...goodSightings(), aReply('r1')] }))
  expect(violations(verdict)).toEqual([])
  expect(verdict.outcomes.repeats).toBe(1)
})

test('an outcome of what nobody asked is stray', () => {
  expect(spoilt((all) => [...all, aReply('r9')])).toEqual(['stray'])
})

test('a case that ran out of time is told', () => {
  const late = aReply('r3', { body: { kind: 'reply', outcome: 'expired', reason: 'deadline_exceeded' } })
  expect(found({ asked: ['r1', 'r2', 'r3'], sightings: [...goodSightings(), late] })).toEqual(['expired'])
})

test('records of one request with two trace ids break it, and so do records without any', () => {
  const other = (traceId: string | null) => (all: Sighting[]) => [...all, aSighting({ noun: 'model-calls', traceId })]
  expect(spoilt(other('e'.repeat(32)))).toEqual(['broken traces'])
  expect(spoilt(other(null))).toEqual(['broken traces'])
  expect(spoilt((all) => all.map((one) => ({ ...one, traceId: null })))).toEqual(['broken traces'])
})

test('what cannot be decoded is named by its place', () => {
  const body = { kind: 'undecodable', why: 'magic byte' } as const
  const bad = aSighting({ noun: 'triage', offset: 7, requestId: '', body })
  expect(violations(check(evidence({ sightings: [...goodSightings(), bad] })))).toEqual([
    'undecodable (1): concord.triage.v1/0/7: magic byte',
  ])
})

test('dead letters are counted by group, topic and code', () => {
  const body = { kind: 'dead-letter', group: 'policy', from: 'concord.triage.v1', code: 'internal' } as const
  const dead = [1, 2].map(() => aSighting({ noun: 'dlq', body }))
  expect(violations(check(evidence({ sightings: [...goodSightings(), ...dead] })))).toEqual([
    'dead letters (1): policy concord.triage.v1 internal ×2',
  ])
})

const asking = (at: number, fields: Partial<Asking> = {}): Asking => ({
  service: 'triage',
  prompt: 'p',
  after: at,
  before: at,
  ...fields,
})
const happening = (cause: Cause, from: number, to: number, service: string | null = 'triage'): Happening => ({
  cause,
  service,
  from,
  to,
})

test('a model call that is made again without a cause is a fault', () => {
  const without = 'model calls repeated without a cause'
  const askings = [asking(10_000), asking(20_000)]
  expect(found({ askings })).toEqual([without])
  expect(found({ askings: [asking(10_000), asking(20_000, { prompt: 'q' })] })).toEqual([])
  expect(found({ askings, happenings: [happening('death', 12_000, 12_000)] })).toEqual([])
  expect(found({ askings, happenings: [happening('death', 12_000, 12_000, 'policy')] })).toEqual([without])
  expect(found({ askings, happenings: [happening('death', 5_000, 5_000)] })).toEqual([without])
  expect(found({ askings, happenings: [happening('death', 21_000, 21_000)] })).toEqual([without])
})

test('repeats are counted by cause, and those of before are not judged again', () => {
  const happenings = [happening('death', 12_000, 12_000), happening('cut connection', 31_000, 32_000, null)]
  const askings = [asking(10_000), asking(20_000), asking(60_000), asking(200_000)]
  const { repeatedCalls } = check(evidence({ askings, happenings, since: 30_000 }))
  expect(repeatedCalls.byCause).toMatchObject({ death: 0, 'cut connection': 1, freeze: 0 })
  expect(repeatedCalls.unexplained).toEqual([{ first: asking(60_000), again: asking(200_000) }])
})

test('a call that an agent tells of twice is one, unless it was made twice', () => {
  const told = (startedAt: number) =>
    aSighting({
      noun: 'model-calls',
      messageId: `call/${startedAt}`,
      content: `${startedAt}`,
      body: { kind: 'model-call', callId: 'triage/m/1', agent: 'triage', outcome: 'ok', startedAt },
    })
  expect(spoilt((all) => [...all, told(5), told(5)])).toEqual([])
  expect(spoilt((all) => [...all, told(5), told(6)])).toEqual(['model calls told twice without a cause'])
})

test('only an agent says something else under an id, and only when the store has lost what it said', () => {
  const rewritten = 'ids with another content'
  const again = (maker: string) => [
    ...goodSightings(),
    aSighting({ noun: 'drafts', maker, messageId: 'd', at: 10_000 }),
    aSighting({ noun: 'drafts', maker, messageId: 'd', at: 20_000, content: 'other' }),
  ]
  const happenings = [happening('store loss', 15_000, 15_500, null)]
  expect(found({ sightings: again('response') })).toEqual([rewritten])
  expect(found({ sightings: again('response'), happenings: [happening('store loss', 5, 6, null)] })).toEqual([rewritten])
  expect(found({ sightings: again('response'), happenings })).toEqual([])
  expect(found({ sightings: again('coordinator'), happenings })).toEqual([rewritten])
})

test('what a thawed member says again is counted', () => {
  const happenings = [happening('freeze', 1_000, 9_000)]
  const again = [8_000, 10_000, 30_000].map((at) => aSighting({ noun: 'triage', at }))
  expect(check(evidence({ sightings: [...goodSightings(), ...again], happenings })).lateRepeats).toBe(1)
})

test('a commit that goes backwards is found', () => {
  const committed = [3, 5, 4, 6].map((offset, at) => ({ at, group: 'triage', topic: 't', partition: 0, offset }))
  expect(check(evidence({ committed })).rewinds).toEqual([{ ...committed[2], was: 5 }])
  expect(check(evidence({ committed, since: 3 })).rewinds).toEqual([])
  expect(found({ committed })).toEqual(['commits that went backwards'])
})
