import { anEnvelope } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import {
  caseRun,
  draftFor,
  extension,
  failure,
  knowledge,
  policy,
  promise,
  request,
  result,
  triage,
  type CaseRun,
} from './testing/case-spec.ts'

const opened = caseRun().receive(request())
const gathering = opened.receive(triage())
const informed = gathering.receive(knowledge())
const drafting = informed.receive(policy({ verdicts: [extension()] }))
const revising = drafting.receive(draftFor(drafting))
const acting = drafting.receive(draftFor(drafting, { commitments: [promise] }))
const reworking = acting.receive(result({ status: 'conflict' }))
const redrafting = reworking.receive(policy({ envelope: { revision: 1 }, verdicts: [extension()] }))
const escalated = opened.receive(triage({ riskFlags: ['legal_threat'] }))
const closed = opened.receive(triage({ intent: null }))

const states: Record<string, { run: CaseRun; awaits: Partial<Record<string, number>> }> = {
  opened: { run: opened, awaits: { triage: 0, knowledge: 0, policy: 0 } },
  gathering: { run: gathering, awaits: { knowledge: 0, policy: 0 } },
  'gathering, policy alone': { run: informed, awaits: { policy: 0 } },
  drafting: { run: drafting, awaits: { response: 0 } },
  revising: { run: revising, awaits: { response: 1 } },
  acting: { run: acting, awaits: { executor: 0 } },
  'gathering again': { run: reworking, awaits: { policy: 1 } },
  'drafting again': { run: redrafting, awaits: { response: 1 } },
  escalated: { run: escalated, awaits: {} },
  closed: { run: closed, awaits: {} },
}

const agents = ['triage', 'knowledge', 'policy', 'response', 'executor', 'queue', 'constructor']
const cases = Object.keys(states).flatMap((name) =>
  agents.flatMap((agent) => [0, 1, 2].map((revision) => ({ name, agent, revision }))),
)

test.each(cases)('$name: a failure of $agent for revision $revision counts where it is awaited', ({ name, agent, revision }) => {
  const { run, awaits } = states[name] ?? { run: opened, awaits: {} }
  const after = run.receive(failure({ agent, code: 'model_unavailable', envelope: { revision } }))
  const awaited = Object.hasOwn(awaits, agent) && awaits[agent] === revision
  expect(after.events.at(-1)?.type).toBe(awaited ? 'escalated' : 'late')
  if (!awaited) expect({ ...after.state, version: 0 }).toEqual({ ...run.state, version: 0 })
})

test('an agent that cannot answer sends the case to a person', () => {
  const run = caseRun().receive(request()).receive(triage()).receive(failure())
  expect(run.last('escalations')).toMatchObject({ reason: 'agent_failed', summary: expect.stringContaining('knowledge') })
})

test('an agent that ran out of time with the whole case lets the case expire, whichever is told first', () => {
  const { deadline } = anEnvelope()
  const late = failure({ agent: 'triage', code: 'deadline_exceeded', envelope: { madeAt: deadline } })
  expect(caseRun().receive(request()).receive(late, deadline).outcomes()).toEqual(['expired'])
  const early = failure({ agent: 'triage', code: 'deadline_exceeded', envelope: { madeAt: deadline - 1 } })
  expect(
    caseRun()
      .receive(request())
      .receive(early, deadline - 1)
      .last('escalations'),
  ).toMatchObject({ reason: 'agent_failed' })
})
