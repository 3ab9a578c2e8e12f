/** The model as one replica sees it: the real gateway, over a transport that leads to the simulator's answers and to what goes wrong on the way. */
import { createOpenAIModel, type Model } from '@concord/model'
import { createCallLog, type Deps } from '@concord/runtime'
import { modelName, type FaultRule, type Said } from '@concord/simulator'
import { connectionLost } from './absence.ts'
import { never, type Life } from './life.ts'
import type { Stage } from './stage.ts'

const usualMs = [50, 1_200] as const
const slowMs = [3_000, 40_000] as const
const timeoutMs = 20_000
const wordings = 3

const failing: readonly FaultRule[] = [
  { kind: 'status', code: 503 },
  { kind: 'status', code: 429, retryAfter: 1 },
  { kind: 'reset' },
  { kind: 'hang' },
]
const spoiling: readonly FaultRule[] = ['malformed', 'prose', 'truncated', 'refusal', 'wrong_type', 'empty'].map((kind) => ({
  kind: kind as FaultRule['kind'],
}))
const lying: readonly FaultRule[] = [{ kind: 'overpromise' }, { kind: 'overstate' }]

export type ModelPart = Pick<Deps, 'model' | 'failedCall'>

export function modelOf(life: Life, stage: Stage, random: () => number): ModelPart {
  const calls = createCallLog()
  const model = createOpenAIModel({
    baseURL: 'http://model.invalid/v1',
    apiKey: 'none',
    model: modelName,
    clock: life.clock,
    random,
    requestTimeoutMs: timeoutMs,
    onCall: calls.onCall,
    fetch: (_url, init) => transport(life, stage, init ?? {}),
  })
  return { model: witnessed(model, life, stage), failedCall: calls.failedCall }
}

/** Writes down every question, and whether somebody lived to hear the answer. */
function witnessed(model: Model, life: Life, { history, evidence }: Stage): Model {
  const { clientId } = life
  return {
    async ask(request) {
      const { callId } = request.call
      const asked = { callId, by: clientId, began: history.note(clientId, `asks ${callId}`), ended: null, answered: false }
      evidence.asks.push(asked)
      try {
        const answer = await model.ask(request)
        Object.assign(asked, { ended: history.note(clientId, `heard ${callId}`), answered: true })
        return answer
      } catch (error) {
        Object.assign(asked, { ended: history.note(clientId, `heard nothing of ${callId}: ${String(error).slice(0, 80)}`) })
        throw error
      }
    },
  }
}

function ruleOf(life: Life, stage: Stage): FaultRule | null {
  if (stage.draws(life, 'model-fails')) return life.chance.pick(failing)
  if (stage.draws(life, 'model-spoils')) return life.chance.pick(spoiling)
  if (stage.draws(life, 'model-lies')) return life.chance.pick(lying)
  return null
}

async function transport(life: Life, stage: Stage, init: RequestInit): Promise<Response> {
  if (typeof init.body !== 'string') throw new TypeError('the request has no text for its body')
  const said = stage.fixtures.answers.to(init.body, stage.plan.seed % wordings, ruleOf(life, stage))
  const [least, most] = stage.draws(life, 'model-slow') ? slowMs : usualMs
  const ms = life.chance.whole(least, most)
  const answer = life.call('model', () => arrive(said, ms, stage), connectionLost)
  return orAborted(init.signal ?? null, Promise.race([answer, stage.over]))
}

async function arrive(said: Said, ms: number, { clock }: Stage): Promise<Response> {
  await clock.sleep(ms)
  if (said.kind === 'hang') return never()
  if (said.kind === 'reset') throw connectionLost()
  return new Response(JSON.stringify(said.body), {
    status: said.status,
    headers: { 'content-type': 'application/json', ...said.headers },
  })
}

/** As the platform's fetch: rejects with the signal's reason as soon as it aborts. */
export async function orAborted<T>(signal: AbortSignal | null, work: Promise<T>): Promise<T> {
  if (signal === null) return work
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
