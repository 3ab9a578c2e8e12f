/** Which actions a request asks for or could mean, on whom or what. Pure. */
import type { Entity, Rework, Triage } from '@concord/contracts'
import type { ActionSpec, Domain, Intent } from '@concord/domain'

export interface PlannedAction {
  action: ActionSpec
  /** Null: done to the customer. */
  subject: Entity | null
  /** Whether the customer asked for it; otherwise the request could merely mean it. */
  requested: boolean
}

export interface Plan {
  actions: PlannedAction[]
  /** Kinds of entity that a requested action needs and that nobody named. */
  missing: string[]
  /** Whether more was named than is ruled on by itself: a person has to see it. */
  tooMany: boolean
}

/** Entities of one kind that are ruled on; a text of nothing but numbers must not become a thousand look-ups. */
const mostEntities = 8
const mostActions = 40

export function plan(domain: Pick<Domain, 'actions'>, intent: Intent, { entities }: Pick<Triage | Rework, 'entities'>): Plan {
  const requested = intent.requests.map((id) => ({ id, requested: true }))
  const possible = intent.couldMean.filter((id) => !intent.requests.includes(id)).map((id) => ({ id, requested: false }))
  const named = (kind: string) => entities.filter((entity) => entity.kind === kind)
  const actions = [...requested, ...possible].flatMap(({ id, requested }) => {
    const action = domain.actions.get(id)
    if (action === undefined) return []
    const subjects = action.on === null ? [null] : named(action.on).slice(0, mostEntities)
    return subjects.map((subject) => ({ action, subject, requested }))
  })
  const needed = [...intent.needs, ...requested.flatMap(({ id }) => domain.actions.get(id)?.on ?? [])]
  return {
    actions: actions.slice(0, mostActions),
    missing: requested.length === 0 ? [] : [...new Set(needed)].filter((kind) => named(kind).length === 0).slice(0, 20),
    tooMany:
      actions.length > mostActions || actions.some(({ action }) => action.on !== null && named(action.on).length > mostEntities),
  }
}

/** How a verdict names what is acted on. */
export function subjectOfPlan({ subject }: PlannedAction, customerId: string | null): string {
  return subject === null ? `customer:${customerId ?? 'unknown'}` : `${subject.kind}:${subject.value}`
}
