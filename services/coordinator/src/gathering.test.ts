import { aClaim, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { caseRun, draftFor, knowledge, policy, request, triage } from './testing/case-spec.ts'

const on = (hash: string) => ({ basedOn: [{ id: triage().id, hash }] })

test.each(['knowledge', 'policy'] as const)(
  '%s that answered another triage than the one that stands is asked again',
  (agent) => {
    const stale = on('of another triage')
    const right = on(triage().hash)
    const run = caseRun()
      .receive(request())
      .receive(triage())
      .receive(knowledge({ envelope: agent === 'knowledge' ? stale : right }))
      .receive(policy({ envelope: agent === 'policy' ? stale : right }))
    expect(run.last('reworks')).toMatchObject({
      agent,
      envelope: { revision: 1 },
      changed: expect.arrayContaining([triage().id]),
    })
    expect(run.published.some(({ topic }) => topic.noun === 'briefs')).toBe(false)
    const again = { envelope: { revision: 1 } }
    const briefed = run.receive(agent === 'knowledge' ? knowledge(again) : policy(again))
    expect(briefed.receive(draftFor(briefed)).last('replies')).toMatchObject({
      outcome: 'answered',
      conflicts: [{ layer: 'assumptions', settledBy: 'rework' }],
    })
  },
)

test('an agent that never answers the triage that stands leaves the case to a person', () => {
  let run = caseRun().receive(request()).receive(triage()).receive(policy())
  for (const revision of [0, 1, 2]) run = run.receive(knowledge({ envelope: { revision, ...on('of another triage') } }))
  expect(run.last('escalations')).toMatchObject({
    reason: 'contradiction',
    findings: [{ settledBy: null }, { settledBy: 'rework' }, { settledBy: 'rework' }],
  })
})

test('a claim that is valid no more, or not yet, is not said', () => {
  const claims = [
    aClaim({ id: 'now' }),
    aClaim({ id: 'past', value: { kind: 'duration', number: 9, unit: 'day' }, validUntil: testTime }),
    aClaim({ id: 'future', value: { kind: 'duration', number: 8, unit: 'day' }, validFrom: testTime + 900_000 }),
  ]
  const run = caseRun().receive(request()).receive(triage()).receive(policy()).receive(knowledge({ claims }))
  expect(run.last('briefs').claims.map(({ id }) => id)).toEqual(['now'])
})

test('what arrives while a person has the case is kept as evidence and moves nothing', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat'] }))
  const later = run.receive(knowledge()).receive(policy()).receive(triage())
  expect(later.published).toEqual(run.published)
  expect(later.state).toMatchObject({
    status: 'escalated',
    file: { knowledge: { id: knowledge().id }, policy: { id: policy().id } },
  })
})

test('after a rework only the revision that was asked for is taken, neither an older one nor a newer', () => {
  const stale = { basedOn: [{ id: triage().id, hash: 'of another triage' }] }
  const reworking = caseRun()
    .receive(request())
    .receive(triage())
    .receive(knowledge())
    .receive(policy({ envelope: stale }))
  for (const revision of [0, 2]) {
    const same = reworking.receive(policy({ envelope: { revision } }))
    expect(same.events.at(-1)?.type).toBe('late')
    expect(same.published).toHaveLength(reworking.published.length)
  }
  expect(reworking.receive(policy({ envelope: { revision: 1 } })).last('briefs').envelope.revision).toBe(1)
})
