/** What becomes of a draft: released, acted on, revised, or shown to a person. */
import type { Draft, Finding } from '@concord/contracts'
import { act } from './acting.ts'
import type { Received } from './case.ts'
import { checkDraft, objections } from './check.ts'
import type { Course } from './course.ts'
import { escalate, openState } from './ending.ts'
import { askForDraft } from './gathering.ts'
import type { Making } from './messages.ts'
import { ruledOn, sentences } from './weigh.ts'

const maxRevisions = 2
/** A revision starts only if that much time is left for it. */
const revisionNeedsMs = 5_000

export function draftArrived(making: Making, so: Course, { id, hash, value }: Received<Draft>): Course {
  const { file } = openState(so)
  const findings = checkDraft(making.desk, file, id, value)
  const again = new Set(findings.map(({ id }) => id))
  const mended = file.findings
    .filter(
      ({ id, left, right, settledBy }) => settledBy === null && [left.agent, right.agent].includes('response') && !again.has(id),
    )
    .map((finding) => ({ ...finding, settledBy: 'revision' }))
  const drafted = so.add({ type: 'drafted', draft: { id, hash, value }, reason: 'Response has drafted a reply.', outputs: [] })
  const checked = drafted.add({
    type: 'checked',
    findings: [...mended, ...findings],
    reason: findings.length === 0 ? 'The draft passes every check.' : sentences(findings),
    outputs: [],
  })
  return findings.length === 0 ? release(making, checked) : revise(making, checked, findings, value)
}

function release(making: Making, so: Course): Course {
  const { file } = openState(so)
  const draft = file.draft?.value
  const awaiting = ruledOn(file).filter(({ effect }) => effect === 'needs_approval')
  if (awaiting.length === 0 || draft === undefined) return act(making, so, draft?.text ?? '', 'agents')
  const summary = awaiting
    .map(({ action, subject, rule, reason }) => `${action} for ${subject} needs approval (${rule}): ${reason}`)
    .join(' ')
  const consequence = (file.brief?.value.permitted ?? []).map((verdict) => making.desk.consequence(verdict)).join(' ')
  return escalate(making, so, 'needs_approval', summary, consequence)
}

function revise(making: Making, so: Course, findings: readonly Finding[], draft: Draft): Course {
  const { file } = openState(so)
  const before = file.brief
  const timeLeft = file.envelope.deadline - making.now
  // Briefs are numbered on over reworks, and each rework takes one number.
  const spent = (before?.value.envelope.revision ?? 0) - file.reworks >= maxRevisions
  if (before === null || spent || timeLeft < revisionNeedsMs) {
    const why = spent ? `after ${maxRevisions} revisions` : 'with no time left to revise'
    return escalate(making, so, 'contradiction', `The draft still fails its checks ${why}. ${sentences(findings)}`)
  }
  const { envelope: _, ...content } = before.value
  const standing = [...content.objections, ...objections(findings, draft)]
  return askForDraft(making, so, { ...content, objections: standing.slice(-50) })
}
