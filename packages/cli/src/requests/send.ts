/** Sends requests and waits for what becomes of each. */
import { caseFacts, conversationOf, type Clock, type Request } from '@concord/contracts'
import type { Client } from '../client/client.ts'
import { inTurn } from './in-turn.ts'
import { watchOutcomes, type RequestResult } from './outcomes.ts'

export interface SendOptions {
  client: Pick<Client, 'send' | 'watchReplies'>
  requests: readonly Request[]
  /** Up to the notice that a person decides, or to the outcome. */
  until: 'notice' | 'final'
  /** Requests under way at once. */
  inFlight: number
  /** It is given up when nothing has happened for so long. Milliseconds. */
  idleMs: number
  clock: Pick<Clock, 'after'>
  onResult(result: RequestResult, done: number): void
}

export interface SendRun {
  results: RequestResult[]
  /** Ids of requests without an outcome. */
  missing: string[]
}

/** Replies are read from the moment before the first request is sent. */
export async function sendAndWait({ client, requests, until, inFlight, idleMs, clock, onResult }: SendOptions): Promise<SendRun> {
  const outcomes = watchOutcomes(until)
  const broken = Promise.withResolvers<never>()
  const idle = watchIdle(clock, idleMs)
  const results: RequestResult[] = []
  const missing: string[] = []
  const inOrder = byConversation(client)
  try {
    await client.watchReplies((entry) => outcomes.see(entry), broken.reject)
    const carryOut = async (request: Request): Promise<void> => {
      if (idle.isOver()) return void missing.push(request.requestId)
      await inOrder(request)
      idle.restart()
      const result = await Promise.race([outcomes.waitFor(request, hashOf(request)), idle.over])
      if (result === 'idle') return void missing.push(request.requestId)
      idle.restart()
      results.push(result)
      onResult(result, results.length)
    }
    await Promise.race([inTurn(requests, inFlight, carryOut), broken.promise])
    return { results, missing }
  } finally {
    idle.stop()
  }
}

/** What the coordinator derives too: an id that was used before with other content has an outcome of its own. */
const hashOf = (request: Request): string => caseFacts(request, { timestamp: 0 }).requestHash

/** Sends at once, but requests of one conversation one after the other. */
function byConversation(client: Pick<Client, 'send'>): (request: Request) => Promise<void> {
  const last = new Map<string, Promise<void>>()
  return (request) => {
    const conversation = conversationOf(request)
    const sent = (last.get(conversation) ?? Promise.resolve()).then(() => client.send(request))
    last.set(conversation, sent)
    return sent
  }
}

interface Idle {
  /** Resolves when nothing has happened for long enough. */
  over: Promise<'idle'>
  isOver(): boolean
  restart(): void
  stop(): void
}

export function watchIdle(clock: Pick<Clock, 'after'>, ms: number): Idle {
  const { promise: over, resolve } = Promise.withResolvers<'idle'>()
  let ended = false
  const end = () => {
    ended = true
    resolve('idle')
  }
  let stop = clock.after(ms, end)
  return {
    over,
    isOver: () => ended,
    restart() {
      stop()
      if (!ended) stop = clock.after(ms, end)
    },
    stop: () => stop(),
  }
}
