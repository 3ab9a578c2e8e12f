import { Fault, type Topic } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { agentContext } from '../agent/agent-context.ts'
import type { AgentRecords } from '../agent/agent-records.ts'
import type { Agent } from '../agent/define-agent.ts'
import type { Outcome, OutputOf } from '../outcome.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import { orAborted } from '../signal.ts'
import { messageOf, type Step, type Work } from '../work.ts'

/** Calls the agent's handler, and turns what it returns into records. */
export function handle(shell: Shell, agent: Agent, records: AgentRecords): Step {
  return async (work, next) => {
    const outcome = await orAborted(work.signal, run(shell, agent, work))
    if (isSkip(outcome) && work.calls.length === 0) return skipped(shell, work, outcome.reason)
    work.outgoing = await outgoing(outcome, shell, work, records)
    return next()
  }
}

async function run(shell: Shell, agent: Agent, work: Work): Promise<Outcome> {
  return agent.handle(messageOf(work).value, agentContext(shell, agent, work))
}

async function outgoing(outcome: Outcome, shell: Shell, work: Work, records: AgentRecords): Promise<OutRecord[]> {
  if (isList(outcome)) return records.outputs(work, outcome)
  switch (outcome.kind) {
    case 'publish':
      return records.outputs(work, [outcome])
    case 'skip':
      skipped(shell, work, outcome.reason)
      return records.outputs(work, [])
    case 'give-up':
      work.log.error({ topic: work.record.topic, error: outcome.fault }, 'given up by the handler')
      shell.deps.metrics.deadLetters.inc({ topic: work.record.topic, code: outcome.fault.code })
      return records.givenUp(work, outcome.fault)
    default:
      throw new Fault('undeclared_output', `${shell.manifest.name} returned no outcome.`, {
        mend: 'Return publish(…), a list of them, skip(…) or giveUp(…).',
      })
  }
}

const isList = (outcome: Outcome): outcome is readonly OutputOf<Topic>[] & readonly Extract<Outcome, { kind: 'publish' }>[] =>
  Array.isArray(outcome)

const isSkip = (outcome: Outcome): outcome is Extract<Outcome, { kind: 'skip' }> => !isList(outcome) && outcome?.kind === 'skip'
