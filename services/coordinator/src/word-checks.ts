/** What stands in a text's words and not beside them: a promise that nobody typed, or nothing at all. Pure. */
import { fitting } from '@concord/agreement'
import { contentHash, type Finding, type Verdict } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { Utterance } from './check.ts'
import type { Desk } from './desk.ts'
import { rulings } from './weigh.ts'

export function wordFindings(desk: Desk, file: CaseFile, utterance: Utterance): Finding[] {
  const said = spaced(utterance.text)
  const stated = rulings(file).filter((verdict) => said.includes(spaced(desk.promise(verdict))))
  return [
    ...(said === '' ? [empty(utterance.ref)] : []),
    ...stated
      .filter(({ effect }) => effect === 'forbid')
      .filter(unless(utterance.commitments))
      .map(forbidden(desk, utterance.ref)),
    // What is only said and not approved is never carried out, so it would not be true.
    ...stated
      .filter(({ effect, action }) => effect !== 'forbid' && desk.writes(action))
      .filter(unless([...utterance.commitments, ...file.done]))
      .map(untyped(desk, utterance.ref)),
  ]
}

type Thing = Pick<Verdict, 'action' | 'subject'>

const unless = (things: readonly Thing[]) => (of: Thing) =>
  !things.some(({ action, subject }) => action === of.action && subject === of.subject)

const spaced = (text: string): string => text.toLowerCase().replaceAll(/\s+/gu, ' ').trim()

const empty = (ref: string): Finding =>
  fitting({
    id: `text:${contentHash([ref, 'no_text'])}`,
    layer: 'text',
    kind: 'no_text',
    severity: 'major',
    sentence: 'The text says nothing.',
    left: { agent: 'response', ref, statement: 'white space' },
    right: { agent: 'coordinator', ref: 'brief', statement: 'a reply is expected' },
  })

const forbidden = (desk: Desk, ref: string) => (verdict: Verdict) =>
  fitting({
    id: `text:${contentHash([ref, 'states_forbidden', verdict.id])}`,
    layer: 'text',
    kind: 'states_forbidden',
    severity: 'critical',
    sentence: `The draft says "${desk.promise(verdict)}", which policy forbids (${verdict.rule}): ${verdict.reason}`,
    left: { agent: 'response', ref, statement: desk.promise(verdict) },
    right: { agent: 'policy', ref: verdict.id, statement: `${verdict.effect} (${verdict.rule}): ${verdict.reason}` },
  })

const untyped = (desk: Desk, ref: string) => (verdict: Verdict) =>
  fitting({
    id: `text:${contentHash([ref, 'states_uncommitted', verdict.id])}`,
    layer: 'text',
    kind: 'states_uncommitted',
    severity: 'critical',
    sentence: `The draft says "${desk.promise(verdict)}", but makes no such commitment, so it would not be done.`,
    left: { agent: 'response', ref, statement: desk.promise(verdict) },
    right: { agent: 'policy', ref: verdict.id, statement: `${verdict.effect} (${verdict.rule}): ${verdict.reason}` },
  })
