/** One agent in a world in memory, whose handler does with a bad message whatever the test wants, and answers every other. */
import { failures, requests, triaged, type Failure, type MessageOf, type Request, type Triage } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import type { InRecord } from '@concord/messaging'
import {
  defineAgent,
  perSecond,
  publish,
  runAgent,
  seconds,
  type Agent,
  type AgentContext,
  type Deps,
  type Running,
} from '@concord/runtime'
import { createBench, type Bench, type BenchOptions } from '@concord/runtime/testing'
import { createLogger } from '@concord/telemetry'
import { expect, onTestFinished } from 'vitest'

export type Handle = (request: Request, context: AgentContext) => unknown

type Fields = NonNullable<Parameters<typeof aRequest>[0]>

export interface Scene {
  readonly bench: Bench
  readonly run: Running
  /** Sends the message that the handler does not take well. */
  sendBad(fields?: Fields): Promise<void>
  sendGood(requestId: string, fields?: Fields): Promise<void>
  letters(): Promise<InRecord[]>
  told(): Promise<Failure[]>
  /** Ids of the requests that were answered, in the order of the answers. */
  answered(): Promise<string[]>
  /** Offsets that the group has committed, over all partitions. */
  committed(): Promise<number>
}

export interface SceneOptions extends Partial<Omit<BenchOptions, 'manifest'>> {
  concurrency?: number
  /** What the agent gets instead of what the test itself uses. */
  adapt?(deps: Deps): Partial<Deps>
}

export const agentMs = 30_000
/** A case's deadline that no test comes to. */
export const noDeadline = Date.UTC(2090, 0, 1)
export const letters = `${requests.name}.triage.dlq`

export const aTriageFor = (context: AgentContext, changes: Partial<Triage> = {}): MessageOf<typeof triaged> => ({
  ...aTriage(),
  ...changes,
  envelope: context.envelope(),
})

export function anAgent(onBad: Handle, concurrency = 4): Agent {
  return defineAgent({
    name: 'triage',
    version: '1',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency,
    rate: perSecond(100_000),
    deadline: seconds(agentMs / 1_000),
    // Not async: a handler may throw before it has given a promise.
    handle: ((request: Request, context: AgentContext) => {
      if (request.text === 'bad') return onBad(request, context)
      return Promise.resolve(publish(triaged, aTriageFor(context)))
    }) as never,
  })
}

export async function scene(onBad: Handle, { concurrency, overrides, adapt, ...options }: SceneOptions = {}): Promise<Scene> {
  const agent = anAgent(onBad, concurrency)
  // A real logger, because it looks at every error; what it says goes nowhere.
  const log = createLogger({ service: 'triage', level: 'debug', stream: { write: () => undefined } })
  const bench = await createBench({ manifest: agent, overrides: { log, ...overrides }, ...options })
  const run = runAgent(agent, { ...bench.deps, ...adapt?.(bench.deps) }, { clientId: 'triage-0' })
  onTestFinished(async () => {
    await Promise.all([run.stop(), bench.pass(20_000)])
  })
  await bench.pass()
  await run.started
  const admin = await bench.broker.admin()
  return {
    bench,
    run,
    sendBad: (fields = {}) => bench.send(requests, aRequest({ requestId: 'bad', text: 'bad', ...fields })),
    sendGood: (requestId, fields = {}) => bench.send(requests, aRequest({ requestId, text: 'good', ...fields })),
    letters: async () => (await bench.on(letters)).map(({ record }) => record),
    told: async () => (await bench.on(failures)).map(({ value }) => value as Failure),
    answered: async () => (await bench.on(triaged)).map(({ value }) => (value as Triage).envelope.requestId),
    committed: async () =>
      (await admin.committed('triage', requests.name)).reduce((sum, { offset }) => sum + Math.max(0, offset), 0),
  }
}

/** Poison must have become one dead letter of that class, untouched, and one failure for the coordinator; and the agent must be well. */
export async function expectGivenUp(made: Scene, code: string): Promise<void> {
  const [letter, ...more] = await made.letters()
  expect(more).toEqual([])
  expect(letter && String(letter.headers['x-error-class'])).toBe(code)
  const sent = (await made.bench.on(requests)).find(({ value }) => (value as Request).requestId === 'bad')
  expect([letter?.key, letter?.value]).toEqual([sent?.record.key, sent?.record.value])
  expect(await made.told()).toMatchObject([{ agent: 'triage', code, envelope: { requestId: 'bad' } }])
  expect(await made.bench.figure('dead_letters_total', { code })).toBe(1)
  expect(made.run.health()).toEqual({ ok: true })
  expect(made.run.missing()).toEqual([])
}
