/** A reviewer's decision, published, and what became of it. */
import {
  caseEvents,
  contentHash,
  Decision,
  decisions,
  Fault,
  messageHeaders,
  nextEnvelope,
  partitionKey,
  traceOf,
  type Clock,
  type Codec,
  type Envelope,
} from '@concord/contracts'
import type { Broker, OutRecord } from '@concord/messaging'
import type { Store } from '@concord/store'
import type { LogEntry } from '../log/entry.ts'
import { tail } from '../log/tail.ts'
import type { Client, DecisionResult, Verdict, WaitingCase } from './client.ts'
import { readWaiting } from './waiting.ts'

/** How long a decision may take to have its effect, in milliseconds. */
const decisionWaitMs = 15_000

export interface DeciderOptions {
  broker: Broker
  store: Store
  codec: Codec
  clock: Clock
  domainVersion: string
  publish(records: OutRecord[]): Promise<void>
}

export function createDecider(options: DeciderOptions): Client['decide'] {
  const { broker, store, codec, clock, domainVersion, publish } = options
  return async (verdict) => {
    const { escalation } = await findWaiting(store, verdict.requestId)
    const decision = decisionOn(escalation.envelope, verdict, domainVersion, clock.now())
    const { messageId } = decision.envelope
    const settled = Promise.withResolvers<DecisionResult>()
    const listening = await tail({
      broker,
      codec,
      topics: [caseEvents.name],
      requestId: verdict.requestId,
      onEntry: (entry) => settleBy(entry, messageId, settled.resolve),
      onCrash: settled.reject,
    })
    const cancel = clock.after(decisionWaitMs, () => settled.reject(notTaken()))
    try {
      await publish([await decisionRecord(codec, decision, clock.now())])
      return await settled.promise
    } finally {
      cancel()
      await listening.stop()
    }
  }
}

async function findWaiting(store: Store, requestId: string): Promise<WaitingCase> {
  const found = (await readWaiting(store)).find((waiting) => waiting.requestId === requestId)
  if (found !== undefined) return found
  throw new Fault('not_found', `no case ${requestId} waits for a person.`, { mend: 'See ./concord queue list.' })
}

function notTaken(): Fault {
  const mend = 'It is published: look again with ./concord trace.'
  return new Fault('deadline_exceeded', 'the coordinator has not taken the decision yet.', { mend })
}

async function decisionRecord(codec: Codec, decision: Decision, time: number): Promise<OutRecord> {
  const { envelope } = decision
  const { messageId, requestId } = envelope
  const trace = traceOf({}, envelope)
  const headers = messageHeaders({ topic: decisions.name, messageId, source: 'queue', requestId, time, trace })
  const value = await codec.encode(decisions, decision)
  return { topic: decisions.name, key: partitionKey(envelope), value, headers }
}

/** One id for one decision on one version by one reviewer: a second click is the same message, other words are another. */
function decisionOn(from: Envelope, verdict: Verdict, domainVersion: string, now: number): Decision {
  const { requestId: _, ...said } = verdict
  const noun = `decisions/${verdict.decision}/${contentHash([verdict.text, verdict.reason])}`
  const envelope = nextEnvelope(from, {
    agent: `queue/${verdict.reviewer}`.slice(0, 64),
    noun,
    version: '1.0.0',
    domainVersion,
    revision: verdict.caseVersion,
    now,
  })
  const parsed = Decision.safeParse({ envelope, ...said })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw new Fault('invalid_input', `the decision is not valid: ${problems}.`)
}

/** The coordinator's event on this very decision tells what became of it. */
function settleBy(entry: LogEntry, messageId: string, resolve: (result: DecisionResult) => void): void {
  const { event, reason, inputs } = entry.value as {
    event: string
    reason: string
    inputs: { id: string }[]
  }
  if (!inputs.some(({ id }) => id === messageId)) return
  if (event === 'decided' || event === 'decision_refused' || event === 'closed' || event === 'late') resolve({ event, reason })
}
