/** Knowledge: what the domain's documents say that answers the request, as claims that cite their passages. */
import { knowledge, reworks, triaged, type Rework, type Triage } from '@concord/contracts'
import type { Domain, Intent } from '@concord/domain'
import { defineAgent, perSecond, publish, seconds, skip } from '@concord/runtime'
import { knowledgeAnswer, knowledgeInput } from './answer.ts'
import { decide, nothing } from './decide.ts'
import { retrieve } from './retrieve.ts'

export function createKnowledge({ domain }: { domain: Domain }) {
  const prompt = domain.prompt('knowledge', ['message', 'passages'])
  return defineAgent({
    name: 'knowledge',
    version: '1.0.0',
    domainVersion: domain.version,
    consumes: [triaged, reworks],
    produces: [knowledge],
    concurrency: 32,
    rate: perSecond(50),
    deadline: seconds(30),
    async handle(ask, context) {
      if ('agent' in ask && ask.agent !== 'knowledge') return skip('not_for_us')
      const intent = answerable(domain, ask)
      const hits = intent === null ? [] : retrieve(domain, ask.envelope, intent)
      if (intent === null || hits.length === 0) return publish(knowledge, { envelope: context.envelope(), ...nothing })

      const input = knowledgeInput(ask.envelope, intent, hits)
      const answer = await context.model.ask({ prompt, input, schema: knowledgeAnswer(hits), schemaName: 'knowledge' })
      const { content, invented } = decide(domain.name, intent, hits, answer.value)
      if (invented > 0) context.log.warn({ invented, prompt: prompt.version }, 'quotes that stand in no passage were left out')
      return publish(knowledge, { envelope: context.envelope({ promptVersion: prompt.version }), ...content })
    },
  })
}

/** Null where there is nothing to be looked up: not understood, or not this desk's business. */
function answerable(domain: Domain, ask: Triage | Rework): Intent | null {
  if (ask.intent === null || ('inScope' in ask && !ask.inScope)) return null
  const intent = domain.intents.get(ask.intent)
  return intent?.inScope === true ? intent : null
}
