/** Sends requests through a constellation in this process, waits for each outcome, and keeps everything that was said. */
import { Fault, type Request } from '@concord/contracts'
import type { Constellation } from '@concord/dev-env'
import type { Sample } from '@concord/domain'
import type { LogEntry } from '../log/entry.ts'
import { tail } from '../log/tail.ts'
import { watchOutcomes, type RequestResult } from '../requests/outcomes.ts'
import { requestRecord } from '../requests/publish.ts'

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
  onResult(result: RequestResult, done: number): void
}

export async function runDemo({ constellation, errands, concurrency, onResult }: DemoOptions): Promise<DemoRun> {
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
  const results = new Map<string, RequestResult>()
  const started = performance.now()

  const carryOut = async ({ request, after }: Errand): Promise<void> => {
    const { tenantId } = request
    if (after !== undefined) await outcomes.waitFor({ tenantId, requestId: after as Request['requestId'] })
    await producer.send([await requestRecord(codec, request, clock.now())])
    const result = await outcomes.waitFor(request)
    results.set(request.requestId, result)
    onResult(result, results.size)
  }
  await Promise.race([inTurn(errands, concurrency, carryOut), failed.promise])

  const ms = performance.now() - started
  await producer.close()
  await reading.stop()
  const contradicted = errands
    .filter(({ request }) => outcomes.outcomeIds(request).size > 1)
    .map(({ request }) => request.requestId)
  return { results, entries, contradicted, ms }
}

/** Runs every item, at most `width` at once, in order of the list. */
async function inTurn<T>(items: readonly T[], width: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of queue) await run(item)
    }),
  )
}
