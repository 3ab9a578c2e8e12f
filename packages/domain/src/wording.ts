/** Claims, subjects and actions in words, by the domain's vocabulary. */
import type { Claim, Money, Vocabulary } from '@concord/contracts'
import type { ActionSpec } from './format.ts'
import type { Formats } from './formats.ts'

/** What a verdict or a commitment says of an action. */
export interface ActionOn {
  action: string
  subject: string
  amount: Money | null
}

export interface Wording {
  /** The claim as a sentence, for a person or a record; a denied one too. */
  describe(claim: Claim): string
  /** The claim as a customer may read it; null for a denied claim without words of its own. */
  speak(claim: Claim): string | null
  /** `order W2378156` for `order:W2378156`; the domain's title for itself. */
  subject(subject: string): string
  /** How a permitted action reads to the customer. */
  promise(of: ActionOn): string
  /** How it reads to a reviewer before they decide. */
  consequence(of: ActionOn): string
}

export interface WordingDeps {
  name: string
  title: string
  vocabulary: Vocabulary
  actions: ReadonlyMap<string, ActionSpec>
  formats: Formats
}

export function createWording({ name, title, vocabulary, actions, formats }: WordingDeps): Wording {
  const subject = (id: string) => (id === name ? title : id.replace(/^([^:]+):/, (_, kind: string) => `${spaced(kind)} `))
  const inClaim = (template: string, claim: Claim) =>
    tidy(
      template,
      fill(template, { value: formats.value(claim.value), subject: subject(claim.subject), scope: scopeOf(claim.scope) }),
    )
  const inAction = (template: string, of: ActionOn) =>
    tidy(template, fill(template, { subject: subject(of.subject), amount: of.amount === null ? '' : formats.money(of.amount) }))

  const speak = (claim: Claim): string | null => {
    const predicate = vocabulary.get(claim.predicate)
    if (predicate === undefined) return null
    const template = claim.polarity === 'affirmed' ? predicate.statement : predicate.denied
    return template === null ? null : inClaim(template, claim)
  }
  const describe = (claim: Claim): string => {
    const spoken = speak(claim)
    if (spoken !== null) return spoken
    const statement = vocabulary.get(claim.predicate)?.statement ?? `{subject}, ${spaced(claim.predicate)}: {value} {scope}`
    return claim.polarity === 'affirmed' ? inClaim(statement, claim) : `It is not so that: ${inClaim(statement, claim)}`
  }
  return {
    speak,
    describe,
    subject,
    promise: (of) => inAction(actions.get(of.action)?.promise ?? `${of.action}: {subject}`, of),
    consequence: (of) => inAction(actions.get(of.action)?.consequence ?? `${of.action}: {subject}`, of),
  }
}

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Without a scope its place in the sentence closes up; a bare quote stays verbatim. */
function tidy(template: string, sentence: string): string {
  if (template === '{value}') return sentence
  const closed = sentence
    .replace(/\s{2,}/g, ' ')
    .replace(/\s+([.,;:!?])/g, '$1')
    .trim()
  return template.startsWith('{subject}') ? closed.charAt(0).toUpperCase() + closed.slice(1) : closed
}

function scopeOf(scope: Claim['scope']): string {
  return Object.keys(scope)
    .sort()
    .map((key) => spaced(scope[key]!))
    .join(', ')
}

const spaced = (text: string): string => text.replaceAll('_', ' ')
