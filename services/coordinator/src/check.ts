/** Every check that a text must pass before it leaves, whoever wrote it. Pure. */
import { assumptionFindings, citedValueFindings, commitmentFindings, fitting, settle, textFindings } from '@concord/agreement'
import { contentHash, type Draft, type Finding, type Objection } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { Desk } from './desk.ts'
import { groundingFindings } from './grounding.ts'
import { denials, grounds, statementsOf } from './grounds.ts'
import { mostFindings, ruledOn } from './weigh.ts'
import { wordFindings } from './word-checks.ts'

/** A text with its promises: a draft, or what a reviewer wrote. */
export interface Utterance {
  /** Id of the draft's message, or of the decision's. */
  ref: string
  text: string
  commitments: Draft['commitments']
}

/** Findings on a draft of the response agent: of all layers, and whether it does what it was asked for. */
export function checkDraft(desk: Desk, file: CaseFile, ref: string, draft: Draft): Finding[] {
  return [...checkShown(desk, file, ref, draft), ...groundingFindings(file, ref, draft)].slice(0, mostFindings)
}

/** Findings of all layers on a draft as a person approves it. What it leaves out is theirs to judge. */
export function checkShown(desk: Desk, file: CaseFile, ref: string, draft: Draft): Finding[] {
  const rested = { agent: 'response', id: ref, basedOn: draft.envelope.basedOn }
  const uttered = checkUtterance(desk, file, { ref, text: draft.text, commitments: draft.commitments })
  const unsupported = new Set(uttered.filter(({ kind }) => kind.startsWith('unsupported_')).map(({ left }) => left.statement))
  const misattributed = citedValueFindings(draft.text, draft.citations, (id) => statementsOf(desk, file, id), ref)
  return [
    ...claimFindings(desk, file, ref, draft),
    ...uttered,
    ...misattributed.filter(({ left }) => !unsupported.has(left.statement)),
    ...assumptionFindings(rested, standing(file), new Set(file.replaced)),
  ].slice(0, mostFindings)
}

/** Layers 2 and 3: what a person writes passes them too. A person decides before release, so approval may be promised. */
export function checkUtterance(desk: Desk, file: CaseFile, utterance: Utterance): Finding[] {
  const { ref, text, commitments } = utterance
  return [
    ...commitmentFindings({ text, commitments }, ruledOn(file), true, ref),
    ...textFindings(text, grounds(desk, file), ref, denials(desk, file)),
    ...wordFindings(desk, file, utterance),
  ].slice(0, mostFindings)
}

/** Layer 1 once more: the claims that the draft makes by itself, against those that were agreed. */
function claimFindings(desk: Desk, file: CaseFile, ref: string, draft: Draft): Finding[] {
  const claims = file.brief?.value.claims ?? []
  const agreed = claims.map((claim) => ({ agent: claim.source.kind === 'passage' ? 'knowledge' : 'policy', claim }))
  const made = draft.claims.map((claim) => ({ agent: 'response', claim }))
  const { settled, open } = settle([...agreed, ...made], desk.vocabulary, desk.describe)
  const unsupported = draft.claims
    .filter(({ subject, predicate }) => !claims.some((claim) => claim.subject === subject && claim.predicate === predicate))
    .map((claim) =>
      fitting({
        id: `claims:${contentHash([ref, 'unsupported_claim', claim.id])}`,
        layer: 'claims',
        kind: 'unsupported_claim',
        severity: 'major',
        sentence: `The draft claims "${desk.describe(claim)}", which nobody else does.`,
        left: { agent: 'response', ref: claim.id, statement: desk.describe(claim) },
        right: { agent: 'coordinator', ref: 'brief', statement: 'no such claim' },
      }),
    )
  const contradicted = [...settled, ...open]
    .filter(({ left, right }) => left.agent === 'response' || right.agent === 'response')
    .map((finding) => ({ ...finding, settledBy: null }))
  return [...contradicted, ...unsupported]
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
function toRemove({ kind, left }: Finding, { commitments }: Draft): string[] {
  if (kind === 'unsupported_claim') return [left.ref]
  if (!kind.startsWith('promises_')) return []
  const promised = commitments.filter(({ action, subject }) => left.statement === `promises ${action} for ${subject}`)
  return [...new Set(promised.map(({ action }) => action))]
}
