import { requests, type Fault } from '@concord/contracts'
import type { Settled } from '@concord/messaging'
import type { Deps, RunConfig, Running } from '../deps.ts'
import { deadLetter } from '../dead-letter.ts'
import { perSecond, type Limiter } from '../limiter/index.ts'
import { runShell } from '../run-shell.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import { commit } from '../steps/commit.ts'
import { deadline } from '../steps/deadline.ts'
import { decode } from '../steps/decode.ts'
import { dedupe } from '../steps/dedupe.ts'
import { handle } from '../steps/handle.ts'
import { limit } from '../steps/limit.ts'
import { markPublished } from '../steps/mark-published.ts'
import { measure } from '../steps/measure.ts'
import { publish } from '../steps/publish.ts'
import { recover } from '../steps/recover.ts'
import { remember } from '../steps/remember.ts'
import { resume } from '../steps/resume.ts'
import { trace } from '../steps/trace.ts'
import { fresh, pipeline, type Step, type Work } from '../work.ts'
import { agentTopics, createAgentRecords, type AgentRecords } from './agent-records.ts'
import type { Agent } from './define-agent.ts'

/** Consumes, handles, publishes and commits until it is stopped. */
export function runAgent(agent: Agent, deps: Deps, config: RunConfig = {}): Running {
  const rate = config.ratePerSecond === undefined ? agent.rate : perSecond(config.ratePerSecond)
  const limiter = deps.createLimiter(`agent/${agent.name}`, rate)
  return runShell({
    manifest: agent,
    publishes: [...agent.produces, ...agentTopics],
    concurrency: config.concurrency ?? agent.concurrency,
    assignment: 'spread',
    giveUpAfterMs: agent.deadline,
    usesModel: agent.usesModel ?? true,
    handler: (shell) => ({ process: pipeline(agentSteps(shell, agent, limiter)) }),
    onStop: () => limiter.close(),
    deps,
    config,
  })
}

/** What happens to a message, in order. */
export function agentSteps(shell: Shell, agent: Agent, limiter: Limiter): Step[] {
  const records = createAgentRecords(shell, agent)
  return [
    measure(shell),
    resume(shell.deps.clock, agent.deadline),
    recover(shell, recovery(shell, records)),
    decode(shell),
    trace(shell),
    dedupe(shell),
    fresh(deadline(shell)),
    fresh(limit(shell, limiter)),
    fresh(handle(shell, agent, records)),
    remember(shell),
    publish(shell),
    markPublished(shell),
    commit,
  ]
}

/** A message that is given up has a result too: it is remembered and published as any other. */
function recovery(shell: Shell, records: AgentRecords): Parameters<typeof recover>[1] {
  const publishAll = [publish(shell), markPublished(shell), commit]
  const conclude = pipeline([remember(shell), ...publishAll])
  const replace = pipeline([remember(shell, 'replacing'), ...publishAll])
  const quarantine = pipeline([publish(shell), commit])

  async function giveUp(work: Work, fault: Fault): Promise<Settled> {
    if (work.message === null) return giveUpUnread(work, fault)
    const refused = work.remembered
    work.outgoing = await records.givenUp(work, fault)
    return refused ? replace(work) : conclude(work)
  }

  /** Without a message there is no case to tell anyone of. What no one can read of `requests` is the coordinator's to quarantine. */
  async function giveUpUnread(work: Work, fault: Fault): Promise<Settled> {
    if (work.record.topic === requests.name && fault.code === 'unreadable') return skipped(shell, work, 'unreadable')
    work.outgoing = [deadLetter(work, fault, shell)]
    return quarantine(work)
  }

  return {
    giveUp,
    async onRetry(work) {
      if (work.calls.length === 0 || work.outgoing !== null) return
      await shell.sender.send(await records.outputs(work, []))
      work.calls.length = 0
    },
  }
}
