/** Response: words for what the brief allows, with each promise and each source stated beside them. */
import { briefs, drafts } from '@concord/contracts'
import type { Domain } from '@concord/domain'
import { defineAgent, perSecond, publish, seconds } from '@concord/runtime'
import { responseAnswer } from './answer.ts'
import { claimsUsed, decide } from './decide.ts'
import { responseInput, responseSections } from './prompt.ts'

export function createResponse({ domain }: { domain: Domain }) {
  const prompt = domain.prompt('response', responseSections)
  const actions = [...domain.actions.keys()]
  return defineAgent({
    name: 'response',
    version: '1.0.0',
    domainVersion: domain.version,
    consumes: [briefs],
    produces: [drafts],
    concurrency: 32,
    rate: perSecond(50),
    deadline: seconds(30),
    async handle(brief, context) {
      const input = responseInput(domain, brief)
      const answer = await context.model.ask({
        prompt,
        input,
        schema: responseAnswer(actions, brief, input),
        schemaName: 'response',
      })
      const draft = decide(brief, answer.value)
      const basedOn = [{ id: context.inputId, hash: context.inputHash }, ...claimsUsed(brief, draft)]
      return publish(drafts, { envelope: context.envelope({ promptVersion: prompt.version, basedOn }), ...draft })
    },
  })
}
