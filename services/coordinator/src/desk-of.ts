import type { Domain } from '@concord/domain'
import type { Desk } from './desk.ts'

const minuteMs = 60_000

/** What the coordinator takes from a loaded domain. */
export function deskOf(domain: Domain, serviceVersion: string): Desk {
  const flagRoutes = new Map(domain.flags.all.map(({ id, route }) => [id, route]))
  return {
    domainVersion: domain.version,
    serviceVersion,
    languages: domain.languages,
    replies: domain.replies,
    disclosure: domain.disclosure,
    vocabulary: domain.vocabulary,
    describe: (claim) => domain.wording.describe(claim),
    intent: (id) => domain.intents.get(id),
    flagRoute: (flag) => flagRoutes.get(flag) ?? 'note',
    writes: (action) => (domain.actions.get(action)?.tool ?? null) !== null,
    promise: (verdict) => domain.wording.promise(verdict),
    consequence: (verdict) => domain.wording.consequence(verdict),
    slaMs: (reason) => (domain.sla[reason] ?? domain.sla.default) * minuteMs,
  }
}
