/** Sends requests through a constellation in this process, waits for each outcome, and keeps everything that was said. */
import { Fault, systemClock, type Request } from '@concord/contracts'
import type { Constellation } from '@concord/dev-env'
import type { Sample } from '@concord/domain'
import type { LogEntry } from '../log/entry.ts'
import { tail } from '../log/tail.ts'
import { inTurn } from '../requests/in-turn.ts'
import { watchOutcomes, type RequestResult } from '../requests/outcomes.ts'
import { requestRecord } from '../requests/publish.ts'
import { watchIdle } from '../requests/send.ts'

/** A request to send: after another's outcome where it says so. */
export interface Errand {
  request: Request
  /** Id of the request whose outcome must be there first. */
  after?: string
  sample?: Sample
}

export interface DemoRun {
  results: Map<string, RequestResult>
  /** Every message of every topic, in the order in which it was read. */
  entries: LogEntry[]
  /** Requests with more than one outcome id: always none. */
  contradicted: string[]
  ms: number
}

export interface DemoOptions {
  constellation: Constellation
  errands: readonly Errand[]
  /** Requests under way at once. */
  concurrency: number
  /** It is given up when no outcome has come for so long. Milliseconds; two minutes unless told, twice the time of a case. */
  idleMs?: number
  onResult(result: RequestResult, done: number): void
}

export async function runDemo({
  constellation,
  errands,
  concurrency,
  idleMs = 120_000,
  onResult,
}: DemoOptions): Promise<DemoRun> {
  const { broker, codec, clock } = constellation
  const entries: LogEntry[] = []
  const outcomes = watchOutcomes('notice')
  const failed = Promise.withResolvers<never>()
  const reading = await tail({
    broker,
    codec,
    onEntry(entry) {
      entries.push(entry)
      if (entry.noun === 'replies') outcomes.see(entry)
    },
    onCrash: (error) => failed.reject(Fault.from(error)),
  })
  const producer = await broker.producer({ clientId: 'concord-demo' })
  const idle = watchIdle(systemClock, idleMs)
  const results = new Map<string, RequestResult>()
  const started = performance.now()

  const carryOut = async ({ request, after }: Errand): Promise<void> => {
    const { tenantId } = request
    if (after !== undefined) await outcomes.waitFor({ tenantId, requestId: after as Request['requestId'] })
    await producer.send([await requestRecord(codec, request, clock.now())])
    const result = await outcomes.waitFor(request)
    idle.restart()
    results.set(request.requestId, result)
    onResult(result, results.size)
  }
  await Promise.race([inTurn(errands, concurrency, carryOut), failed.promise, idle.over])
  idle.stop()

  const ms = performance.now() - started
  await producer.close()
  await reading.stop()
  const contradicted = errands
    .filter(({ request }) => outcomes.outcomeIds(request).size > 1)
    .map(({ request }) => request.requestId)
  return { results, entries, contradicted, ms }
}
