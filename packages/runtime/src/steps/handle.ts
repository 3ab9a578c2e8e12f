import type { OutRecord } from '@concord/messaging'
import { agentContext } from '../agent/agent-context.ts'
import type { AgentRecords } from '../agent/agent-records.ts'
import type { Agent } from '../agent/define-agent.ts'
import { readOutcome, type CheckedOutcome } from '../outcome.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import { orAborted } from '../signal.ts'
import { accountable } from '../stray.ts'
import { messageOf, type Step, type Work } from '../work.ts'

/** Calls the agent's handler, and turns what it returns into records. */
export function handle(shell: Shell, agent: Agent, records: AgentRecords): Step {
  return async (work, next) => {
    const outcome = readOutcome(await orAborted(work.signal, () => accountable(() => run(shell, agent, records, work))))
    if (outcome.kind === 'skip' && work.calls.length === 0) return skipped(shell, work, outcome.reason)
    work.outgoing = await outgoing(outcome, shell, work, records)
    return next()
  }
}

async function run(shell: Shell, agent: Agent, records: AgentRecords, work: Work): Promise<unknown> {
  return agent.handle(messageOf(work).value, agentContext(shell, agent, records, work))
}

function outgoing(outcome: CheckedOutcome, shell: Shell, work: Work, records: AgentRecords): Promise<OutRecord[]> {
  switch (outcome.kind) {
    case 'outputs':
      return records.outputs(work, outcome.outputs)
    case 'skip':
      skipped(shell, work, outcome.reason)
      return records.outputs(work, [])
    case 'give-up':
      work.log.error({ topic: work.record.topic, error: outcome.fault }, 'given up by the handler')
      shell.deps.metrics.deadLetters.inc({ topic: work.record.topic, code: outcome.fault.code })
      return records.givenUp(work, outcome.fault)
  }
}
