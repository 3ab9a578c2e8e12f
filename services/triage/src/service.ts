/** Triage: what a request is about, who should see it, and how sure that is. */
import { requests, triaged } from '@concord/contracts'
import type { Domain } from '@concord/domain'
import { defineAgent, perSecond, publish, seconds } from '@concord/runtime'
import { triageAnswer, triageInput } from './answer.ts'
import { decide } from './decide.ts'

export function createTriage({ domain }: { domain: Domain }) {
  const prompt = domain.prompt('triage', ['message', 'labels', 'flags'])
  const schema = triageAnswer(domain)
  return defineAgent({
    name: 'triage',
    version: '1.0.0',
    domainVersion: domain.version,
    consumes: [requests],
    produces: [triaged],
    concurrency: 32,
    rate: perSecond(50),
    deadline: seconds(30),
    async handle(_request, context) {
      const { request } = context.input
      const answer = await context.model.ask({ prompt, input: triageInput(domain, request), schema, schemaName: 'triage' })
      const envelope = context.envelope({ promptVersion: prompt.version })
      return publish(triaged, { envelope, ...decide(domain, request, answer.value) })
    },
  })
}
