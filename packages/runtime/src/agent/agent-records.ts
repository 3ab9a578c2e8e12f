import { failures, modelCalls, nextEnvelope, type Envelope, type Fault, type Topic } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { masked } from '@concord/telemetry'
import { deadLetter } from '../dead-letter.ts'
import { encodeOutputs } from '../encode.ts'
import { publish, type OutputOf } from '../outcome.ts'
import type { Shell } from '../shell.ts'
import { messageOf, spanOf, type Work } from '../work.ts'
import type { Agent } from './define-agent.ts'

/** Topics that the runtime itself publishes on for every agent. */
export const agentTopics: readonly Topic[] = [failures, modelCalls]

/** What an agent's handling of one message sends, as records. */
export interface AgentRecords {
  /** The handler's outputs, and a record of each model call. */
  outputs(work: Work, outputs: readonly OutputOf<Topic>[]): Promise<OutRecord[]>
  /** For a message that is given up: its dead letter, a failure for the coordinator, and the model calls. */
  givenUp(work: Work, fault: Fault): Promise<OutRecord[]>
}

export function createAgentRecords(shell: Shell, agent: Agent): AgentRecords {
  const { codec, clock } = shell.deps
  const { name, version, domainVersion } = agent

  const encode = (work: Work, outputs: readonly OutputOf<Topic>[], declared: readonly Topic[]): Promise<OutRecord[]> =>
    encodeOutputs(outputs, { codec, source: name, declared, trace: spanOf(work).trace })

  const envelope = (work: Work, noun: string): Envelope => {
    const { envelope: input, id, hash } = messageOf(work)
    return nextEnvelope(input, { agent: name, noun, version, domainVersion, now: clock.now(), basedOn: [{ id, hash }] })
  }

  const calls = (work: Work): OutputOf<Topic>[] =>
    work.calls.map((record, index) =>
      // A call that was made again is another call, so its time is part of the message's id.
      publish(modelCalls, { envelope: envelope(work, `model-calls/${record.startedAt}/${index + 1}`), ...record }),
    )

  const failure = (work: Work, { code, message }: Fault): OutputOf<Topic> => {
    const { topic, partition, offset } = work.record
    const said = (code === 'internal' ? masked(message) : message).slice(0, 1_000)
    return publish(failures, { envelope: envelope(work, 'failures'), agent: name, code, message: said, topic, partition, offset })
  }

  return {
    async outputs(work, outputs) {
      const [own, ofCalls] = await Promise.all([encode(work, outputs, agent.produces), encode(work, calls(work), agentTopics)])
      return [...own, ...ofCalls]
    },
    async givenUp(work, fault) {
      return [deadLetter(work, fault, shell), ...(await encode(work, [failure(work, fault), ...calls(work)], agentTopics))]
    },
  }
}
