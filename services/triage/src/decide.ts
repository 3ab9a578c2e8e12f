/** From the model's answer and the domain's patterns to a triage. Pure. */
import type { Entity, Envelope, Triage, Turn } from '@concord/contracts'
import type { Domain, Entities } from '@concord/domain'
import { NONE, type TriageAnswer } from './answer.ts'

type Said = Pick<Envelope['request'], 'text' | 'history'>
type Understanding = Pick<Triage, 'intent' | 'category' | 'inScope' | 'reason'>
export type TriageDomain = Pick<Domain, 'intents' | 'entities' | 'flags' | 'thresholds'>

export function decide(domain: TriageDomain, request: Said, answer: TriageAnswer): Omit<Triage, 'envelope'> {
  const { urgency, language, confidence } = answer
  return {
    ...understand(domain, answer),
    entities: findEntities(domain.entities, request),
    riskFlags: raiseFlags(domain.flags, request.text, answer.flags),
    urgency,
    language,
    confidence,
  }
}

/** What the customer named now and, of kinds not named now, what they named in the latest of their earlier turns that did. */
export function findEntities(entities: Pick<Entities, 'find'>, { text, history }: Said): Entity[] {
  const turns = [
    text,
    ...history
      .filter(byCustomer)
      .map((turn) => turn.text)
      .toReversed(),
  ]
  return turns
    .map((turn) => entities.find(turn))
    .reduce<Entity[]>((known, found) => {
      const kinds = new Set(known.map(({ kind }) => kind))
      return [...known, ...found.filter(({ kind }) => !kinds.has(kind))]
    }, [])
    .slice(0, 50)
}

const byCustomer = ({ role }: Turn): boolean => role === 'customer'

/** A flag that words alone raise stands, whatever the model says; the model may raise more, of those the domain knows. */
function raiseFlags(flags: Domain['flags'], text: string, raised: readonly string[]): string[] {
  const certain = new Set(flags.find(text))
  return flags.all.map(({ id }) => id).filter((id) => certain.has(id) || raised.includes(id))
}

/** Out of scope is what a recognised intent says of itself; what is not understood may yet be in scope. */
function understand({ intents, thresholds }: TriageDomain, { intent: id, confidence }: TriageAnswer): Understanding {
  const intent = id === NONE ? undefined : intents.get(id)
  const sure = confidence >= thresholds.understood
  if (intent !== undefined && sure) {
    const { category, inScope } = intent
    return { intent: id, category, inScope, reason: `The message fits the intent ${id}, confidence ${confidence.toFixed(2)}.` }
  }
  const reason =
    intent === undefined
      ? 'The message fits no intent of the domain.'
      : `The message fits the intent ${id} best, but its confidence ${confidence.toFixed(2)} is below the ${thresholds.understood} that counts as understood.`
  return { intent: null, category: NONE, inScope: true, reason }
}
