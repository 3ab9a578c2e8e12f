/** Carrying out what was approved, and what follows from its results. */
import { fitting, rulingOn } from '@concord/agreement'
import { contentHash, type ActionResult, type Finding, type Verdict } from '@concord/contracts'
import { action, actionOutput, pendingOf } from './actions.ts'
import type { CaseFile } from './case.ts'
import type { Course } from './course.ts'
import { closeCase, escalate, openState } from './ending.ts'
import { late } from './late.ts'
import type { Making } from './messages.ts'
import { askAgain } from './reworking.ts'
import { ruledOn } from './weigh.ts'

/** Releases the text: at once when nothing is to be written, else after its actions have succeeded. */
export function act(making: Making, so: Course, text: string, approvedBy: string): Course {
  const { file } = openState(so)
  const verdicts = toWrite(making, file)
  const old = verdicts.filter(({ validUntil }) => validUntil !== null && validUntil <= making.now)
  if (old.length > 0) return ruleAgain(making, so, old.map(outdated))
  if (verdicts.length === 0) return answer(making, so, text, approvedBy)
  const approved = verdicts.map((verdict) => action(making, file, verdict, approvedBy))
  return so.add({
    type: 'approved',
    pending: approved.map(pendingOf),
    approvedBy,
    text,
    at: making.now,
    reason: `Approved by ${approvedBy}: ${approved.map(({ action, subject }) => `${action} for ${subject}`).join(', ')}.`,
    outputs: approved.map(actionOutput),
  })
}

/** Rulings on what the draft promises, each once, without what has been done and what writes nothing. */
function toWrite({ desk }: Making, file: CaseFile): Verdict[] {
  const ruled = ruledOn(file)
  const promised = (file.draft?.value.commitments ?? []).map((commitment) => rulingOn(commitment, ruled))
  const isDone = (of: Verdict) => file.done.some(({ action, subject }) => action === of.action && subject === of.subject)
  return [...new Set(promised)]
    .filter((verdict) => verdict !== undefined)
    .filter((verdict) => desk.writes(verdict.action) && !isDone(verdict))
}

function answer(making: Making, so: Course, text: string, decidedBy: string): Course {
  const { file } = openState(so)
  const brief = file.brief?.value
  const outcome = brief?.outcome ?? 'answered'
  const agreed = brief !== undefined && brief.missing.length > 0 ? 'needs_information' : 'agreed'
  return closeCase(making, so, {
    outcome,
    reason: outcome === 'declined' ? 'forbidden' : agreed,
    text,
    decidedBy,
    citations: file.draft?.value.text === text ? file.draft.value.citations : [],
  })
}

/** What the executor says of an action, whatever has become of the case meanwhile. */
export function afterAction(making: Making, so: Course, result: ActionResult): Course {
  const before = openState(so)
  const told = `${result.action} for ${result.subject}: ${result.status}. ${result.message}`
  const pending = before.file.pending.find(({ key }) => key === result.key)
  // What was done was done, whichever approval led to it.
  const stands = pending !== undefined && (result.status === 'done' || result.envelope.revision === pending.attempt)
  if (!stands) return so.add(late('action-results', `It is of an action that is not pending (${told})`))
  const acted = so.add({ type: 'acted', result, reason: told, outputs: [] })
  switch (before.status) {
    case 'acting':
      return allReported(making, acted)
    case 'escalated':
      return escalate(making, acted, 'action_reported', `While a person had the case, the executor reported: ${told}`)
    case 'opened':
    case 'gathering':
    case 'drafting':
    case 'revising':
      return acted
  }
}

/** Nothing is concluded before every action of the approval has its result: none of them may be forgotten. */
function allReported(making: Making, so: Course): Course {
  const state = openState(so)
  if (state.status !== 'acting' || state.file.pending.length > 0) return so
  const { file, troubles, text, approvedBy } = state
  if (troubles.length === 0) return answer(making, so, text, approvedBy)
  const failed = troubles.filter(({ status }) => status !== 'conflict')
  if (failed.length > 0) {
    const summary = failed.map(({ action, subject, message }) => `${action} for ${subject} was not carried out: ${message}`)
    return escalate(making, so, 'action_failed', summary.join(' '))
  }
  return ruleAgain(
    making,
    so,
    troubles.map((result) => staleRecord(file, result)),
  )
}

/** A verdict rests on what is so no more: policy looks again, unless something was done already that no deadline may hide. */
function ruleAgain(making: Making, so: Course, findings: Finding[]): Course {
  if (openState(so).file.done.length > 0) {
    const summary = 'One of several actions was carried out, and the ruling on another has been overtaken.'
    return escalate(making, so, 'partly_done', summary)
  }
  const subjects = [...new Set(findings.map(({ right }) => right.ref))].join(', ')
  return askAgain(making, so, 'policy', {
    findings,
    why: `What policy ruled on has changed: ${subjects}.`,
    changed: findings.map(({ right }) => right.ref),
  })
}

/** Layer 4, seen by the executor: the verdict rests on a version of the record that has been replaced. */
function staleRecord(file: CaseFile, { action, subject, message, recordVersion }: ActionResult): Finding {
  const verdict = rulingOn({ action, subject }, ruledOn(file))
  const version = verdict?.recordVersion ?? 'unknown'
  return fitting({
    id: `assumptions:${contentHash([verdict?.id, verdict?.recordVersion, recordVersion])}`,
    layer: 'assumptions',
    kind: 'stale_record',
    severity: 'major',
    sentence: `Policy ruled on ${subject} as it was (version ${version}); it has changed since.`,
    left: { agent: 'policy', ref: verdict?.id ?? 'none', statement: `ruled on version ${version}` },
    right: { agent: 'executor', ref: subject, statement: message === '' ? 'the record has changed' : message },
    settledBy: 'rework',
  })
}

/** Layer 4 as time passes: the verdict was given for a time that is over. */
const outdated = ({ id, subject, action, validUntil }: Verdict): Finding =>
  fitting({
    id: `assumptions:${contentHash([id, validUntil])}`,
    layer: 'assumptions',
    kind: 'stale_verdict',
    severity: 'major',
    sentence: `The ruling on ${action} for ${subject} was valid until ${new Date(validUntil ?? 0).toISOString()}.`,
    left: { agent: 'policy', ref: id, statement: 'ruled for a time' },
    right: { agent: 'coordinator', ref: subject, statement: 'that time is over' },
    settledBy: 'rework',
  })
