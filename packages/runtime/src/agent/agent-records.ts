import { failures, modelCalls, nextEnvelope, traceOf, type Envelope, type Fault, type Topic } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { plainRecord, type ModelCallRecord } from '@concord/model'
import { masked } from '@concord/telemetry'
import { deadLetter } from '../dead-letter.ts'
import { encodeOutputs } from '../encode.ts'
import { headerTexts } from '../header-texts.ts'
import { publish, type OutputOf } from '../outcome.ts'
import type { Shell } from '../shell.ts'
import { messageOf, type Work } from '../work.ts'
import type { Agent } from './define-agent.ts'
import { checkOutputs, slim } from './own-case.ts'

/** Topics that the runtime itself publishes on for every agent. */
export const agentTopics: readonly Topic[] = [failures, modelCalls]

/** What an agent's handling of one message sends, as records. */
export interface AgentRecords {
  /** The handler's outputs, and a record of each model call. */
  outputs(work: Work, outputs: readonly OutputOf<Topic>[]): Promise<OutRecord[]>
  /** For a message that is given up: its dead letter, a failure for the coordinator, and the model calls. */
  givenUp(work: Work, fault: Fault): Promise<OutRecord[]>
  /** For a call that ended when its message had already been settled without it. */
  lateCall(work: Work, call: ModelCallRecord): Promise<OutRecord[]>
}

export function createAgentRecords(shell: Shell, agent: Agent): AgentRecords {
  const { codec, clock, random, metrics } = shell.deps
  const { name, version, domainVersion } = agent

  const encode = (work: Work, outputs: readonly OutputOf<Topic>[], declared: readonly Topic[]): Promise<OutRecord[]> =>
    encodeOutputs(outputs, { codec, source: name, declared, trace: traceFor(work), random })

  const envelope = (work: Work, noun: string, now = clock.now()): Envelope => {
    const { envelope: input, id, hash } = messageOf(work)
    return nextEnvelope(slim(input), { agent: name, noun, version, domainVersion, now, basedOn: [{ id, hash }] })
  }

  /** A call is recorded for the books. Where its record breaks its contract, that costs nobody the answer. */
  async function encodeCall(work: Work, place: string, call: ModelCallRecord): Promise<OutRecord[]> {
    // A call that was made again is another call, so its time is part of the message's id. Its record may be sent again, and is the same then.
    const { startedAt, latencyMs } = call
    const made = envelope(work, `model-calls/${startedAt}/${place}`, Math.round(startedAt + latencyMs))
    const output = publish(modelCalls, { envelope: made, ...plainRecord, ...call })
    return encode(work, [output], agentTopics).catch((fault: Fault) => {
      if (fault.code !== 'invalid_output') throw fault
      work.log.error({ callId: call.callId, error: fault }, 'a call cannot be recorded')
      metrics.failed.inc({ topic: modelCalls.name, code: fault.code })
      return []
    })
  }

  const encodeCalls = async (work: Work): Promise<OutRecord[]> =>
    (await Promise.all(work.calls.map((call, index) => encodeCall(work, `${index + 1}`, call)))).flat()

  const failure = (work: Work, { code, message }: Fault): OutputOf<Topic> => {
    const { topic, partition, offset } = work.record
    const said = (code === 'internal' ? masked(message) : message).slice(0, 1_000).toWellFormed()
    return publish(failures, { envelope: envelope(work, 'failures'), agent: name, code, message: said, topic, partition, offset })
  }

  return {
    async outputs(work, outputs) {
      checkOutputs(outputs, messageOf(work).envelope)
      const [own, ofCalls] = await Promise.all([encode(work, outputs, agent.produces), encodeCalls(work)])
      return [...own, ...ofCalls]
    },
    async givenUp(work, fault) {
      const [told, ofCalls] = await Promise.all([encode(work, [failure(work, fault)], agentTopics), encodeCalls(work)])
      return [deadLetter(work, fault, shell), ...told, ...ofCalls]
    },
    lateCall: (work, call) => encodeCall(work, `late/${call.callId}`, call),
  }
}

/** A message that is given up before it has a span is told of under its own trace. */
function traceFor({ span, record, message }: Work) {
  return span?.trace ?? traceOf(headerTexts(record.headers), message?.envelope ?? { tenantId: '', requestId: '' })
}
