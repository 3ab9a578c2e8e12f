/** Carrying out what was approved, and what follows from its result. */
import { actions, contentHash, type ActionResult, type Finding } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { Course } from './course.ts'
import { closeCase, escalate, openState } from './ending.ts'
import { action, rework, reworkOutput, type Making } from './messages.ts'

const maxReworks = 2

/** Releases the text: at once when nothing is to be written, else after its actions have succeeded. */
export function act(making: Making, so: Course, text: string, approvedBy: string): Course {
  const { file } = openState(so)
  const verdicts = file.policy?.value.verdicts ?? []
  const approved = (file.draft?.value.commitments ?? []).flatMap((commitment) => {
    const verdict = verdicts.find(({ action, subject }) => action === commitment.action && subject === commitment.subject)
    const done = file.done.some(({ action, subject }) => action === commitment.action && subject === commitment.subject)
    return verdict === undefined || done || !making.desk.writes(verdict.action)
      ? []
      : [action(making, file, commitment, verdict, approvedBy)]
  })
  if (approved.length === 0) return answer(making, so, text, approvedBy)
  return so.then({
    type: 'approved',
    pending: approved.map(({ key, action, subject }) => ({ key, action, subject })),
    approvedBy,
    text,
    at: making.now,
    reason: `Approved by ${approvedBy}: ${approved.map(({ action, subject }) => `${action} for ${subject}`).join(', ')}.`,
    outputs: approved.map((value) => ({ topic: actions, value })),
  })
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
    actions: file.done.map(({ action, subject, key }) => ({ action, subject, key })),
  })
}

export function afterAction(making: Making, so: Course, result: ActionResult): Course {
  const before = openState(so)
  if (before.status !== 'acting' || !before.pending.some(({ key }) => key === result.key)) {
    return so.then({
      type: 'late',
      noun: 'action-results',
      reason: 'The result is of an action that is not pending.',
      outputs: [],
    })
  }
  const reason = `${result.action} for ${result.subject}: ${result.status}. ${result.message}`.slice(0, 2_000)
  const acted = so.then({ type: 'acted', result, reason, outputs: [] })
  switch (result.status) {
    case 'done': {
      const now = openState(acted)
      return now.status === 'acting' && now.pending.length === 0 ? answer(making, acted, before.text, before.approvedBy) : acted
    }
    case 'conflict':
      return ruleAgain(making, acted, result)
    case 'refused':
    case 'failed':
      return escalate(
        making,
        acted,
        'action_failed',
        `${result.action} for ${result.subject} was not carried out: ${result.message}`,
      )
  }
}

/** The record changed since the verdict saw it, so policy looks again. */
function ruleAgain(making: Making, so: Course, result: ActionResult): Course {
  const { file } = openState(so)
  if (file.reworks >= maxReworks || making.now >= file.envelope.deadline) {
    return escalate(
      making,
      so,
      'contradiction',
      `The record of ${result.subject} keeps changing while ${result.action} is attempted.`,
    )
  }
  const noted = so.then({
    type: 'compared',
    findings: [staleRecord(file, result)],
    reason: `${result.subject} has changed since the ruling.`,
    outputs: [],
  })
  const changed = [...(file.policy === null ? [] : [file.policy.id]), result.subject]
  const value = rework(
    making,
    file,
    'policy',
    `The record of ${result.subject} has changed since the ruling. Rule again on what it is now.`,
    changed,
  )
  return noted.then({
    type: 'rework_asked',
    agent: 'policy',
    revision: value.envelope.revision,
    reason: `${result.subject} has changed since the ruling; policy is asked to rule again.`,
    outputs: [reworkOutput(value)],
  })
}

/** Layer 4, seen by the executor: the verdict rests on a version of the record that has been replaced. */
function staleRecord(file: CaseFile, { action, subject, message, recordVersion }: ActionResult): Finding {
  const verdict = file.policy?.value.verdicts.find((ruled) => ruled.action === action && ruled.subject === subject)
  return {
    id: `assumptions:${contentHash([verdict?.id, verdict?.recordVersion, recordVersion])}`,
    layer: 'assumptions',
    kind: 'stale_record',
    severity: 'major',
    sentence: `Policy ruled on ${subject} as it was (version ${verdict?.recordVersion ?? 'unknown'}); it has changed since.`,
    left: { agent: 'policy', ref: verdict?.id ?? 'none', statement: `ruled on version ${verdict?.recordVersion ?? 'unknown'}` },
    right: { agent: 'executor', ref: subject, statement: message === '' ? 'the record has changed' : message },
    settledBy: 'rework',
  }
}
