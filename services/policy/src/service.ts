/** Policy: what may be done for the customer. It asks no model: facts come from the read tools, rulings from the domain's rules. */
import { policy, reworks, triaged, type Rework, type Triage } from '@concord/contracts'
import type { Domain, Intent, ReadTools } from '@concord/domain'
import { defineAgent, perSecond, publish, seconds, skip } from '@concord/runtime'
import { basisOfResults, decide, nothing } from './decide.ts'
import { gather } from './gather.ts'
import { plan } from './plan.ts'

export interface PolicyDeps {
  domain: Domain
  tools: ReadTools
}

export function createPolicy({ domain, tools }: PolicyDeps) {
  return defineAgent({
    name: 'policy',
    version: '1.0.0',
    domainVersion: domain.version,
    consumes: [triaged, reworks],
    produces: [policy],
    concurrency: 32,
    rate: perSecond(50),
    deadline: seconds(30),
    async handle(ask, context) {
      if ('agent' in ask && ask.agent !== 'policy') return skip('not_for_us')
      const intent = rulable(domain, ask)
      if (intent === null) return publish(policy, { envelope: context.envelope(), ...nothing })

      const { signal, log } = context
      const planned = plan(domain, intent, ask)
      const gathered = await gather({ domain, tools, signal, log, now: context.now() }, ask, planned.actions)
      const { content, failures } = decide(domain, intent, planned, gathered, ask)
      for (const error of failures)
        log.warn({ error }, 'an expression could not be evaluated, so nothing is permitted or claimed by it')
      const basedOn = [{ id: context.inputId, hash: context.inputHash }, ...basisOfResults(content.toolResults)]
      return publish(policy, { envelope: context.envelope({ basedOn }), ...content })
    },
  })
}

/** Null where there is nothing to rule on: not understood, or not this desk's business. */
function rulable(domain: Domain, ask: Triage | Rework): Intent | null {
  if (ask.intent === null || ('inScope' in ask && !ask.inScope)) return null
  const intent = domain.intents.get(ask.intent)
  return intent?.inScope === true ? intent : null
}
