/** What the model is shown: only what the brief allows it to say, and what it must not. */
import type { Brief, Objection, Verdict } from '@concord/contracts'
import type { Domain } from '@concord/domain'

export type Words = Pick<Domain, 'wording' | 'entities'>

/** Something that can be said, under the id that a citation or a list names. */
export interface Statement {
  id: string
  statement: string
}

/** Something that can be promised, or must not be. */
export interface PromiseStatement extends Statement {
  action: string
  subject: string
  amountMinor: number | null
  currency: string | null
}

/** Sections of the prompt, by placeholder. */
export interface ResponseInput extends Record<string, unknown> {
  message: string
  history: { role: string; text: string }[]
  language: string
  /** Why what was asked for is refused, in the rules' own words; each must be told. */
  reasons: Statement[]
  claims: Statement[]
  actions: PromiseStatement[]
  obligations: Statement[]
  forbidden: PromiseStatement[]
  missing: Statement[]
  objections: Objection[]
}

/** Placeholders without which a prompt could not do its part; `language` and `history` may be left out. */
export const responseSections = [
  'message',
  'reasons',
  'claims',
  'actions',
  'obligations',
  'forbidden',
  'missing',
  'objections',
] as const

export function responseInput(domain: Words, brief: Brief): ResponseInput {
  const { text, history } = brief.envelope.request
  const promise = (verdict: Verdict): PromiseStatement => ({
    id: verdict.id,
    statement: domain.wording.promise(verdict),
    action: verdict.action,
    subject: verdict.subject,
    amountMinor: verdict.amount?.minor ?? null,
    currency: verdict.amount?.currency ?? null,
  })
  return {
    message: text,
    history: history.map(({ role, text }) => ({ role, text })),
    language: brief.language,
    reasons: refusals(brief).map(({ id, reason }) => ({ id, statement: reason })),
    claims: spoken(domain, brief),
    actions: brief.permitted.map(promise),
    obligations: brief.obligations.map(({ id, text }) => ({ id, statement: text })),
    forbidden: brief.forbidden.map(promise),
    missing: brief.missing.map((kind) => ({ id: kind, statement: `Please tell us ${domain.entities.ask(kind)}.` })),
    objections: brief.objections,
  }
}

/** Agreed claims in words. A denied claim without words of its own is not shown: nobody could say it. */
function spoken(domain: Words, brief: Brief): Statement[] {
  return brief.claims.flatMap((claim) => {
    const statement = domain.wording.speak(claim)
    return statement === null ? [] : [{ id: claim.id, statement }]
  })
}

/** Refusals of what was asked for. What was not asked for is refused aloud only where nothing else could be said. */
export function refusals({ claims, permitted, forbidden, missing }: Brief): Verdict[] {
  const asked = forbidden.filter(({ requested }) => requested)
  const silent = claims.length + permitted.length + missing.length + asked.length === 0
  return silent ? forbidden : asked
}
