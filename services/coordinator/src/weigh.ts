/** What the gathered claims and verdicts allow to be said: pure, the first place to look when a customer got an odd reply. */
import { holdsAt, rulingOn, settle, toldOtherwise, withoutRepeats } from '@concord/agreement'
import type { Brief, Finding, Obligation, Triage, Verdict } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { Desk } from './desk.ts'
import type { Making } from './messages.ts'

export type BriefContent = Omit<Brief, 'envelope'>

/** The way on, with everything that was found on the way. */
export type Weighed =
  | { way: 'brief'; content: BriefContent; findings: Finding[] }
  | { way: 'person'; reason: string; summary: string; findings: Finding[] }

/** More than these are recorded nowhere: one alone decides the way. */
export const mostFindings = 50

/** Compares all claims, settles what authority can settle, and chooses between a brief and a person. */
export function weigh({ desk, now }: Making, file: CaseFile): Weighed {
  const claimed = [
    ...(file.knowledge?.value.claims ?? []).map((claim) => ({ agent: 'knowledge', claim })),
    ...(file.policy?.value.claims ?? []).map((claim) => ({ agent: 'policy', claim })),
  ].filter(({ claim }) => holdsAt(claim, now))
  const { agreed, settled, open: unsettled } = settle(claimed, desk.vocabulary, desk.describe)
  const told = toldOtherwise(
    file.envelope.request.history,
    agreed.map(({ claim }) => claim),
    desk.describe,
  )
  const open = [...unsettled, ...told]
  const findings = [...open, ...settled].slice(0, mostFindings)
  if (open.length > 0) return { way: 'person', reason: 'contradiction', summary: sentences(open), findings }

  const verdicts = rulings(file)
  const missing = file.policy?.value.missing ?? []
  const requested = verdicts.filter((verdict) => verdict.requested)
  if (agreed.length === 0 && requested.length === 0 && missing.length === 0) {
    const summary = 'Nothing was found on which an answer could rest.'
    return { way: 'person', reason: 'no_answer', summary, findings }
  }
  const permitted = requested.filter(({ effect }) => effect !== 'forbid')
  const usable = new Set(agreed.flatMap(({ claim }) => (claim.source.kind === 'passage' ? [claim.source.ref] : [])))
  const content: BriefContent = {
    outcome: requested.length > 0 && permitted.length === 0 ? 'declined' : 'answered',
    intent: file.triage?.value.intent ?? null,
    language: file.triage?.value.language ?? 'en',
    claims: withoutRepeats(
      agreed.map(({ claim }) => claim),
      desk.vocabulary,
    ),
    passages: (file.knowledge?.value.passages ?? []).filter(({ id }) => usable.has(id)),
    permitted,
    forbidden: verdicts.filter(({ effect }) => effect === 'forbid'),
    obligations: unique(permitted.flatMap(({ obligations }) => obligations)).slice(0, 50),
    missing: permitted.length === 0 ? missing : [],
    objections: [],
  }
  return { way: 'brief', content, findings }
}

/** What triage alone settles: nothing needs to be gathered for it. */
export type Sorted =
  | { way: 'gather' }
  | { way: 'decline'; reason: 'refused' | 'out_of_scope' | 'not_understood'; text: string }
  | { way: 'person'; reason: string; summary: string }

export function sort(desk: Desk, triage: Triage): Sorted {
  const flagged = (route: string) => triage.riskFlags.find((flag) => desk.flagRoute(flag) === route)
  const refused = flagged('decline')
  if (refused !== undefined) return { way: 'decline', reason: 'refused', text: desk.replies.refused }
  const flag = flagged('person')
  if (flag !== undefined) return { way: 'person', reason: flag, summary: `Triage raised the flag ${flag}.` }
  if (!desk.languages.includes(triage.language)) {
    return {
      way: 'person',
      reason: 'language',
      summary: `The request is written in ${triage.language}, which the agents do not answer in.`,
    }
  }
  const intent = triage.intent === null ? undefined : desk.intent(triage.intent)
  if (intent === undefined) return { way: 'decline', reason: 'not_understood', text: desk.replies.notUnderstood }
  if (!intent.inScope || !triage.inScope) return { way: 'decline', reason: 'out_of_scope', text: desk.replies.outOfScope }
  if (intent.route === 'person')
    return { way: 'person', reason: 'wants_person', summary: 'The customer wants to speak with a person.' }
  return { way: 'gather' }
}

/** One ruling on each action for each subject: the strictest. It was asked for where any of them was. */
export function rulings(file: CaseFile): Verdict[] {
  const verdicts = file.policy?.value.verdicts ?? []
  const sameThing = (a: Verdict, b: Verdict) => a.action === b.action && a.subject === b.subject
  return verdicts
    .filter((verdict) => rulingOn(verdict, verdicts) === verdict)
    .map((verdict) => ({ ...verdict, requested: verdicts.some((other) => other.requested && sameThing(other, verdict)) }))
}

/** Rulings that a text may promise, and those that it must not. */
export const ruledOn = (file: CaseFile): Verdict[] =>
  rulings(file).filter(({ requested, effect }) => requested || effect === 'forbid')

/** The first of each id and wording. */
const unique = (obligations: readonly Obligation[]): Obligation[] => [
  ...new Map(obligations.map((obligation) => [`${obligation.id} ${obligation.text}`, obligation])).values(),
]

export const sentences = (findings: readonly Finding[]): string => findings.map(({ sentence }) => sentence).join(' ')
