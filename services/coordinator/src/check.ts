/** Every check that a text must pass before it leaves, whoever wrote it. Pure. */
import { assumptionFindings, commitmentFindings, mentions, settle, textFindings } from '@concord/agreement'
import { contentHash, type Draft, type Finding, type Objection, type Verdict } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { Desk } from './desk.ts'
import { ruledOn } from './weigh.ts'

/** A text with its promises: a draft, or what a reviewer wrote. */
export interface Utterance {
  /** Id of the draft's message, or the reviewer. */
  ref: string
  text: string
  commitments: Draft['commitments']
}

/** Findings of all layers on a draft of the response agent. */
export function checkDraft(desk: Desk, file: CaseFile, ref: string, draft: Draft): Finding[] {
  const utterance = { ref, text: draft.text, commitments: draft.commitments }
  return [
    ...claimFindings(desk, file, draft),
    ...checkUtterance(desk, file, utterance),
    ...groundingFindings(file, ref, draft),
    ...assumptionFindings(
      { agent: 'response', id: ref, basedOn: draft.envelope.basedOn },
      standing(file),
      new Set(file.replaced),
    ),
  ]
}

/** Layers 2 and 3: what a person writes passes them too. A person decides before release, so approval may be promised. */
export function checkUtterance(desk: Desk, file: CaseFile, { ref, text, commitments }: Utterance): Finding[] {
  return [
    ...commitmentFindings({ text, commitments }, ruledOn(file), true, ref),
    ...textFindings(text, grounds(desk, file), ref),
    ...forbiddenWords(desk, file, { ref, text, commitments }),
  ]
}

/** A promise may stand in the words and not beside them: the very sentence by which a forbidden action is promised. */
function forbiddenWords(desk: Desk, file: CaseFile, { ref, text, commitments }: Utterance): Finding[] {
  const said = text.toLowerCase()
  return ruledOn(file)
    .filter(
      ({ effect, action, subject }) =>
        effect === 'forbid' && !commitments.some((made) => made.action === action && made.subject === subject),
    )
    .filter((verdict) => said.includes(desk.promise(verdict).toLowerCase()))
    .map((verdict) => ({
      id: `text:${contentHash([ref, 'states_forbidden', verdict.id])}`,
      layer: 'text' as const,
      kind: 'states_forbidden',
      severity: 'critical' as const,
      sentence: `The draft says "${desk.promise(verdict)}", which policy forbids (${verdict.rule}): ${verdict.reason}`.slice(
        0,
        2_000,
      ),
      left: { agent: 'response', ref, statement: desk.promise(verdict) },
      right: { agent: 'policy', ref: verdict.id, statement: `${verdict.effect} (${verdict.rule}): ${verdict.reason}` },
      settledBy: null,
    }))
}

/** Layer 1 once more: the claims that the draft makes by itself, against those that were agreed. */
function claimFindings(desk: Desk, file: CaseFile, draft: Draft): Finding[] {
  const agreed = (file.brief?.value.claims ?? []).map((claim) => ({
    agent: claim.source.kind === 'passage' ? 'knowledge' : 'policy',
    claim,
  }))
  const made = draft.claims.map((claim) => ({ agent: 'response', claim }))
  const { settled, open } = settle([...agreed, ...made], desk.vocabulary, desk.describe)
  return [...settled, ...open]
    .filter(({ left, right }) => left.agent === 'response' || right.agent === 'response')
    .map((finding) => ({ ...finding, settledBy: null }))
}

/** A reply must rest on something, and must do what was asked and permitted. */
function groundingFindings(file: CaseFile, ref: string, draft: Draft): Finding[] {
  const brief = file.brief?.value
  if (brief === undefined) return []
  const promised = new Set(draft.commitments.map(({ action, subject }) => `${action} ${subject}`))
  const reasonless =
    brief.outcome === 'declined' && !refusedAloud(brief.forbidden, draft.text) ? [unexplained(ref, brief.forbidden)] : []
  const omitted = brief.permitted.filter(({ action, subject }) => !promised.has(`${action} ${subject}`))
  const findings = [...omitted.map((verdict) => omission(ref, verdict)), ...reasonless]
  const groundable = brief.claims.length > 0 || brief.forbidden.length > 0
  if (groundable && draft.citations.length === 0 && brief.permitted.length === 0) findings.push(ungrounded(ref))
  return findings
}

/** A refusal gives the rule's reason for each thing that was asked for. */
const refusedAloud = (forbidden: readonly Verdict[], text: string): boolean =>
  forbidden.filter(({ requested }) => requested).every(({ reason }) => mentions(text, reason))

const unexplained = (ref: string, forbidden: readonly Verdict[]): Finding => ({
  id: `commitments:${contentHash([ref, 'omits_reason'])}`,
  layer: 'commitments',
  kind: 'omits_reason',
  severity: 'major',
  sentence: 'The draft refuses what was asked for without the reason that policy gives.',
  left: { agent: 'response', ref, statement: 'no such reason' },
  right: {
    agent: 'policy',
    ref: forbidden[0]?.id ?? 'none',
    statement: forbidden
      .map(({ reason }) => reason)
      .join(' ')
      .slice(0, 4_000),
  },
  settledBy: null,
})

const omission = (ref: string, verdict: Verdict): Finding => ({
  id: `commitments:${contentHash([ref, 'omits_action', verdict.id])}`,
  layer: 'commitments',
  kind: 'omits_action',
  severity: 'major',
  sentence: `The customer asked for ${verdict.action} for ${verdict.subject}, policy allows it, and the draft does not promise it.`,
  left: { agent: 'response', ref, statement: 'no such promise' },
  right: { agent: 'policy', ref: verdict.id, statement: `${verdict.effect} (${verdict.rule}): ${verdict.reason}` },
  settledBy: null,
})

const ungrounded = (ref: string): Finding => ({
  id: `text:${contentHash([ref, 'no_citation'])}`,
  layer: 'text',
  kind: 'no_citation',
  severity: 'major',
  sentence: 'The draft cites none of the claims it was given.',
  left: { agent: 'response', ref, statement: 'no citation' },
  right: { agent: 'coordinator', ref: 'brief', statement: 'claims to rest on' },
  settledBy: null,
})

/** Everything that the text may rest on, in words: what was agreed, or before a brief, what a person has before them. */
function grounds(desk: Desk, file: CaseFile): string[] {
  const brief = file.brief?.value
  const claims = brief?.claims ?? [...(file.knowledge?.value.claims ?? []), ...(file.policy?.value.claims ?? [])]
  const verdicts = brief === undefined ? ruledOn(file) : [...brief.permitted, ...brief.forbidden]
  const permitted = verdicts.filter(({ effect }) => effect !== 'forbid')
  return [
    ...claims.map((claim) => desk.describe(claim)),
    ...permitted.map((verdict) => desk.promise(verdict)),
    ...verdicts.map(({ reason }) => reason),
    ...permitted.flatMap(({ obligations }) => obligations.map(({ text }) => text)),
  ]
}

/** Hash of every message and claim that stands, by id. */
function standing(file: CaseFile): Map<string, string> {
  const messages = [file.triage, file.knowledge, file.policy, file.brief].filter((message) => message !== null)
  return new Map([
    ...messages.map(({ id, hash }) => [id, hash] as const),
    ...(file.brief?.value.claims ?? []).map((claim) => [claim.id, contentHash(claim)] as const),
  ])
}

/** What must change, and why; never how to phrase it. */
export function objections(findings: readonly Finding[], draft: Draft): Objection[] {
  return findings.map((finding) => ({ id: finding.id, statement: finding.sentence, remove: toRemove(finding, draft) }))
}

/** Claims and actions that the next draft must not use again. */
function toRemove(finding: Finding, draft: Draft): string[] {
  switch (finding.layer) {
    case 'commitments':
      return draft.commitments
        .filter(({ action }) => finding.left.statement.includes(action) && finding.kind.startsWith('promises_'))
        .map(({ action }) => action)
    case 'text':
    case 'claims':
    case 'assumptions':
    case 'judge':
      return []
  }
}
