import { nextEnvelope } from '@concord/contracts'
import type { Store } from '@concord/store'
import type { ModelCallRecord } from '@concord/model'
import { bindModel } from '../bound-model.ts'
import { agentPrefix } from '../keys.ts'
import { prefixedStore } from '../prefixed-store.ts'
import type { Shell } from '../shell.ts'
import { messageOf, type Work } from '../work.ts'
import type { AgentRecords } from './agent-records.ts'
import { countCall } from './count-call.ts'
import type { Agent, AgentContext, EnvelopeOptions } from './define-agent.ts'

/** What the handler of this attempt gets. */
export function agentContext(shell: Shell, agent: Agent, records: AgentRecords, work: Work): AgentContext {
  const { deps, sender } = shell
  const { envelope: input, id, hash, topic } = messageOf(work)
  const { tenantId, requestId } = input
  const { signal, deadline, attempt, log } = work
  /** After its deadline the message is settled without the call, which has cost all the same. */
  const recordLate = async (call: ModelCallRecord): Promise<void> => sender.send(await records.lateCall(work, call))
  const onCall = (call: ModelCallRecord): void => {
    countCall(deps.metrics, call)
    if (!signal.aborted) work.calls.push(call)
    else recordLate(call).catch((error: unknown) => log.warn({ callId: call.callId, error }, 'a late call is not recorded'))
  }
  const call = { agent: agent.name, tenantId, requestId, deadline, priority: input.request.priority, level: input.level }
  const store: Store = prefixedStore(deps.store, agentPrefix(agent.name, tenantId))
  return {
    signal,
    model: bindModel({ ...deps, call, messageId: id, signal, onCall }),
    store,
    clock: deps.clock,
    now: () => deps.clock.now(),
    log,
    noun: topic.noun,
    attempt,
    receivedAt: work.record.timestamp,
    deadline,
    input,
    inputId: id,
    inputHash: hash,
    envelope(options: EnvelopeOptions = {}) {
      const { name, version, domainVersion } = agent
      const basedOn = options.basedOn ?? [{ id, hash }]
      return nextEnvelope(input, { agent: name, version, domainVersion, now: deps.clock.now(), ...options, basedOn })
    },
  }
}
