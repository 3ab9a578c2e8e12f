/** The client over the ports themselves: on Kafka, or inside the process that runs the constellation. */
import {
  caseEvents,
  contentHash,
  Decision,
  decisions,
  Fault,
  messageHeaders,
  nextEnvelope,
  partitionKey,
  replies,
  traceOf,
  type Clock,
  type Codec,
  type Envelope,
} from '@concord/contracts'
import type { Broker, Producer } from '@concord/messaging'
import type { Store } from '@concord/store'
import { lagOf } from '../lag/lag.ts'
import type { LogEntry } from '../log/entry.ts'
import { readAll, tail, type Tail } from '../log/tail.ts'
import { requestRecord } from '../requests/publish.ts'
import type { Client, DecisionResult, Verdict, WaitingCase } from './client.ts'
import { readWaiting } from './waiting.ts'

export interface DirectClientOptions {
  name: string
  broker: Broker
  store: Store
  codec: Codec
  clock: Clock
  tenantId: string
  /** Version of the domain, for what a reviewer's decision says of itself. */
  domainVersion: string
  readers: readonly { name: string; consumes: readonly { name: string }[] }[]
  /** Closes what was opened for this client alone. */
  close?(): Promise<void>
}

/** How long a decision may take to have its effect, in milliseconds. */
const decisionWaitMs = 15_000

export function createDirectClient(options: DirectClientOptions): Client {
  const { name, broker, store, codec, clock, tenantId } = options
  let connecting: Promise<Producer> | undefined
  const producer = () => (connecting ??= broker.producer({ clientId: `concord-cli-${process.pid}` }))
  const tails: Tail[] = []

  const find = async (requestId: string): Promise<WaitingCase> => {
    const found = (await readWaiting(store)).find((waiting) => waiting.requestId === requestId)
    if (found !== undefined) return found
    throw new Fault('not_found', `no case ${requestId} waits for a person.`, { mend: 'See ./concord queue list.' })
  }

  async function decide(verdict: Verdict): Promise<DecisionResult> {
    const { escalation } = await find(verdict.requestId)
    const decision = decisionOn(escalation.envelope, verdict, options.domainVersion, clock.now())
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
    const cancel = clock.after(decisionWaitMs, () =>
      settled.reject(
        new Fault('deadline_exceeded', 'the coordinator has not taken the decision yet.', {
          mend: 'It is published: look again with ./concord trace.',
        }),
      ),
    )
    try {
      const trace = traceOf({}, escalation.envelope)
      const headers = messageHeaders({
        topic: decisions.name,
        messageId,
        source: 'queue',
        requestId: verdict.requestId,
        time: clock.now(),
        trace,
      })
      const value = await codec.encode(decisions, decision)
      const open = await producer()
      await open.send([{ topic: decisions.name, key: partitionKey(decision.envelope), value, headers }])
      return await settled.promise
    } finally {
      cancel()
      await listening.stop()
    }
  }

  return {
    name,
    async send(request) {
      const record = await requestRecord(codec, request, clock.now())
      await (await producer()).send([record])
    },
    async watchReplies(onEntry, onEnd) {
      const ends = onEnd === undefined ? {} : { onCrash: onEnd }
      tails.push(await tail({ broker, codec, topics: [replies.name], from: 'end', onEntry, ...ends }))
    },
    entriesOf: (requestId) =>
      readAll({
        broker,
        codec,
        requestId,
        wanted: (entry) => entry.requestId === requestId && entry.tenantId === tenantId,
      }),
    waiting: () => readWaiting(store),
    decide,
    async lag() {
      const admin = await broker.admin()
      try {
        return await lagOf(admin, options.readers)
      } finally {
        await admin.close()
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(tails.map((open) => open.stop()))
      await connecting?.then(
        (open) => open.close(),
        () => undefined,
      )
      await options.close?.()
    },
  }
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
