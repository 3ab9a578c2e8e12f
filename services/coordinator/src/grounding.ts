/** Whether a draft rests on what it was given, and does what was asked and permitted. Pure. */
import { fitting, mentions } from '@concord/agreement'
import { contentHash, type Brief, type Citation, type Draft, type Finding, type Verdict } from '@concord/contracts'
import type { CaseFile } from './case.ts'

export function groundingFindings({ brief: held }: CaseFile, ref: string, draft: Draft): Finding[] {
  if (held === null) return []
  const brief = held.value
  const promised = new Set(draft.commitments.map(({ action, subject }) => `${action} ${subject}`))
  const omitted = brief.permitted.filter(({ action, subject }) => !promised.has(`${action} ${subject}`))
  const silent = brief.forbidden.filter(({ requested, reason }) => requested && !mentions(draft.text, reason))
  const groundless = draft.citations.filter((citation) => !isGrounded(citation, brief, draft.text))
  const groundable = brief.claims.length > 0 || brief.forbidden.length > 0
  return [
    ...omitted.map((verdict) => omission(ref, verdict)),
    ...(silent.length > 0 ? [unexplained(ref, silent)] : []),
    ...groundless.map((citation) => misquoted(ref, citation)),
    ...(groundable && draft.citations.length === 0 && brief.permitted.length === 0 ? [ungrounded(ref)] : []),
  ]
}

/** A citation marks words of this text, and names something of this brief. */
function isGrounded({ start, end, claim }: Citation, { claims, permitted, forbidden }: Brief, text: string): boolean {
  return start < end && end <= text.length && [...claims, ...permitted, ...forbidden].some(({ id }) => id === claim)
}

const unexplained = (ref: string, forbidden: readonly Verdict[]): Finding =>
  fitting({
    id: `commitments:${contentHash([ref, 'omits_reason'])}`,
    layer: 'commitments',
    kind: 'omits_reason',
    severity: 'major',
    sentence: 'The draft refuses what was asked for without the reason that policy gives.',
    left: { agent: 'response', ref, statement: 'no such reason' },
    right: { agent: 'policy', ref: forbidden[0]?.id ?? 'none', statement: forbidden.map(({ reason }) => reason).join(' ') },
  })

const omission = (ref: string, verdict: Verdict): Finding =>
  fitting({
    id: `commitments:${contentHash([ref, 'omits_action', verdict.id])}`,
    layer: 'commitments',
    kind: 'omits_action',
    severity: 'major',
    sentence: `The customer asked for ${verdict.action} for ${verdict.subject}, policy allows it, and the draft does not promise it.`,
    left: { agent: 'response', ref, statement: 'no such promise' },
    right: { agent: 'policy', ref: verdict.id, statement: `${verdict.effect} (${verdict.rule}): ${verdict.reason}` },
  })

const misquoted = (ref: string, { claim, start, end }: Citation): Finding =>
  fitting({
    id: `text:${contentHash([ref, 'false_citation', claim, start, end])}`,
    layer: 'text',
    kind: 'false_citation',
    severity: 'major',
    sentence: `The draft cites ${claim} at ${start} to ${end}: it was given no such claim, or has no such words.`,
    left: { agent: 'response', ref, statement: `cites ${claim}` },
    right: { agent: 'coordinator', ref: 'brief', statement: 'no such claim or words' },
  })

const ungrounded = (ref: string): Finding =>
  fitting({
    id: `text:${contentHash([ref, 'no_citation'])}`,
    layer: 'text',
    kind: 'no_citation',
    severity: 'major',
    sentence: 'The draft cites none of the claims it was given.',
    left: { agent: 'response', ref, statement: 'no citation' },
    right: { agent: 'coordinator', ref: 'brief', statement: 'claims to rest on' },
  })
