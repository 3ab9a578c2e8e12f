/** Layer 2: commitment against verdict. A draft may promise only what policy permits, within its amount, with its obligations. */
import { contentHash, type Commitment, type Draft, type Finding, type Money, type Verdict } from '@concord/contracts'
import { fitting } from './finding.ts'
import { sameTextValue, textValues } from './text-values.ts'
import { conveys } from './words.ts'

type Promises = Pick<Draft, 'text' | 'commitments'>

/**
 * @param verdicts every ruling of this case, whatever its effect.
 * @param approvable whether a person will decide before anything is released, so that `needs_approval` may be promised.
 */
export function commitmentFindings(
  draft: Promises,
  verdicts: readonly Verdict[],
  approvable: boolean,
  draftRef: string,
): Finding[] {
  return draft.commitments.flatMap((commitment) => {
    const verdict = rulingOn(commitment, verdicts)
    const problems = verdict === undefined ? [unruled(commitment)] : problemsWith(commitment, verdict, draft.text, approvable)
    return problems.map((problem) => finding(problem, commitment, verdict, draftRef))
  })
}

const strictness: Record<Verdict['effect'], number> = { permit: 0, needs_approval: 1, forbid: 2 }

/** What stands where policy ruled more than once on one action for one subject: the strictest, and of those the first. */
export function rulingOn(of: Pick<Commitment, 'action' | 'subject'>, verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts
    .filter(({ action, subject }) => action === of.action && subject === of.subject)
    .toSorted((a, b) => strictness[b.effect] - strictness[a.effect])[0]
}

interface Problem {
  kind:
    | 'promises_unruled'
    | 'promises_forbidden'
    | 'promises_unapproved'
    | 'exceeds_amount'
    | 'misstates_amount'
    | 'unsupported_due'
    | 'skips_obligation'
  severity: Finding['severity']
  sentence: string
}

const what = ({ action, subject }: Commitment): string => `${action} for ${subject}`

const unruled = (commitment: Commitment): Problem => ({
  kind: 'promises_unruled',
  severity: 'critical',
  sentence: `The draft promises ${what(commitment)}, which policy has not ruled on.`,
})

function problemsWith(commitment: Commitment, verdict: Verdict, text: string, approvable: boolean): Problem[] {
  if (verdict.effect === 'forbid') {
    const sentence = `The draft promises ${what(commitment)}, which policy forbids (${verdict.rule}): ${verdict.reason}`
    return [{ kind: 'promises_forbidden', severity: 'critical', sentence }]
  }
  if (verdict.effect === 'needs_approval' && !approvable) {
    const sentence = `The draft promises ${what(commitment)}, which needs a person's approval (${verdict.rule}).`
    return [{ kind: 'promises_unapproved', severity: 'critical', sentence }]
  }
  return [
    ...amountProblems(commitment, verdict),
    ...dueProblems(commitment, verdict),
    ...obligationProblems(commitment, verdict, text),
  ]
}

function amountProblems(commitment: Commitment, verdict: Verdict): Problem[] {
  const { amount: promised } = commitment
  const { amount: ruled } = verdict
  if (promised === null || (ruled !== null && promised.currency === ruled.currency && promised.minor === ruled.minor)) return []
  const kind =
    ruled !== null && promised.currency === ruled.currency && promised.minor < ruled.minor ? 'misstates_amount' : 'exceeds_amount'
  const allowed = ruled === null ? 'no amount' : show(ruled)
  const sentence = `The draft promises ${show(promised)} for ${what(commitment)}, but policy ruled on ${allowed} (${verdict.rule}).`
  return [{ kind, severity: 'critical', sentence }]
}

/** In the decimals of its currency; minor units where the code is none. */
function show({ minor, currency }: Money): string {
  if (!/^[A-Z]{3}$/i.test(currency)) return `${minor} minor units of ${currency}`
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return `${(minor / 10 ** maximumFractionDigits).toFixed(maximumFractionDigits)} ${currency}`
}

/** A day by which something is promised must stand in what policy said. */
function dueProblems(commitment: Commitment, { rule, reason, obligations }: Verdict): Problem[] {
  if (commitment.due === null) return []
  const said = [reason, ...obligations.map(({ text }) => text)].flatMap(textValues)
  const [due] = textValues(commitment.due)
  if (due !== undefined && said.some((value) => sameTextValue(value, due))) return []
  const sentence = `The draft promises ${what(commitment)} by ${commitment.due}, of which policy says nothing (${rule}).`
  return [{ kind: 'unsupported_due', severity: 'major', sentence }]
}

function obligationProblems(commitment: Commitment, verdict: Verdict, text: string): Problem[] {
  return verdict.obligations
    .filter((obligation) => !conveys(text, obligation.text))
    .map((obligation) => ({
      kind: 'skips_obligation',
      severity: 'major',
      sentence: `The draft promises ${what(commitment)} without what must go with it (${obligation.id}): ${obligation.text}`,
    }))
}

function finding(problem: Problem, commitment: Commitment, verdict: Verdict | undefined, draftRef: string): Finding {
  return fitting({
    id: `commitments:${contentHash([draftRef, problem.kind, commitment.action, commitment.subject, problem.sentence])}`,
    layer: 'commitments',
    kind: problem.kind,
    severity: problem.severity,
    sentence: problem.sentence,
    left: { agent: 'response', ref: draftRef, statement: `promises ${what(commitment)}` },
    right:
      verdict === undefined
        ? { agent: 'policy', ref: 'none', statement: 'no ruling' }
        : { agent: 'policy', ref: verdict.id, statement: `${verdict.effect} (${verdict.rule}): ${verdict.reason}` },
  })
}
