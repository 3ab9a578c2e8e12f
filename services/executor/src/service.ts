/** Executor: the only service that writes. What was approved is carried out once in effect, or said not to have been. */
import { actionResults, actions, contentHash } from '@concord/contracts'
import type { Domain, WriteTools } from '@concord/domain'
import { defineAgent, perSecond, publish, seconds } from '@concord/runtime'
import { bindBackend } from './backend.ts'
import { carryOut } from './carry-out.ts'
import { decide } from './decide.ts'
import { createIntents, type Result } from './intents.ts'

/** One hold outlasts one call of the back end with its time-out. */
const holdMs = seconds(6)
/** Kept of a message's time for publishing what is known by then. */
const marginMs = seconds(2)

export interface ExecutorDeps {
  domain: Pick<Domain, 'version' | 'actions'>
  tools: WriteTools
  /** How long intents are kept, in milliseconds: the horizon of state and topics. */
  horizonMs: number
}

export function createExecutor({ domain, tools, horizonMs }: ExecutorDeps) {
  return defineAgent({
    name: 'executor',
    version: '1.0.0',
    domainVersion: domain.version,
    consumes: [actions],
    produces: [actionResults],
    concurrency: 32,
    rate: perSecond(50),
    deadline: seconds(30),
    async handle(action, context) {
      const { key, action: name, subject } = action
      // One case may have several actions, and each result is a message of its own.
      const envelope = context.envelope({ noun: `action-results/${contentHash(key)}` })
      const answer = (result: Result) => publish(actionResults, { envelope, key, action: name, subject, ...result })
      const decided = decide(action, domain.actions.get(name))
      if (decided.kind === 'result') return answer(decided.result)
      const { clock, signal } = context
      const backend = bindBackend(tools, action, decided)
      const intents = createIntents(context.store, clock, { holdMs, horizonMs })
      const { approvalHash, validUntil } = action
      const attempt = { key, approvalHash, validUntil, deadline: context.deadline - marginMs, signal }
      return answer(await carryOut({ backend, intents, clock }, attempt))
    },
  })
}
