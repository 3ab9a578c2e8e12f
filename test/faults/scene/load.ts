/** A steady load of requests, each sent until it is acknowledged, whatever happens to the broker meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { requestRecord } from '@concord/cli'
import { conversationOf, type Codec, type Request } from '@concord/contracts'
import type { Broker, OutRecord, Producer } from '@concord/messaging'
import type { RequestMaker } from './requests.ts'

export interface Sender {
  /** Resolves when the broker has acknowledged it. */
  send(record: OutRecord): Promise<void>
  close(): Promise<void>
}

const againMs = 300
/** Milliseconds. */
const answerMs = 10_000

/** Sends for as long as it takes, through another connection whenever one gives no answer. */
export function createSender(broker: Broker, clientId: string): Sender {
  let current: Promise<Producer> | undefined
  const attempt = async (record: OutRecord): Promise<void> => {
    const used = (current ??= broker.producer({ clientId }))
    try {
      await within(answerMs, async () => (await used).send([record]))
    } catch (error) {
      if (current === used) current = undefined
      void used.then((producer) => producer.close()).catch(() => undefined)
      throw error
    }
  }
  return {
    async send(record) {
      for (;;) {
        try {
          return await attempt(record)
        } catch {
          await sleep(againMs)
        }
      }
    },
    async close() {
      await within(answerMs, async () => (await current)?.close()).catch(() => undefined)
    },
  }
}

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const late = new AbortController()
  try {
    return await Promise.race([
      work(),
      sleep(ms, undefined, { signal: late.signal }).then(() => Promise.reject(new Error(`no answer for ${ms} ms`))),
    ])
  } finally {
    late.abort()
  }
}

export interface Load {
  /** Ids of what has been acknowledged so far. */
  readonly acknowledged: readonly string[]
  /** Sends no more, and resolves when everything that was begun is acknowledged. */
  end(): Promise<void>
}

export interface LoadOptions {
  sender: Sender
  codec: Codec
  requests: RequestMaker
  perSecond: number
}

/** Requests of one conversation are sent one after the other; conversations do not wait for each other. */
export function startLoad({ sender, codec, requests, perSecond }: LoadOptions): Load {
  const acknowledged: string[] = []
  const last = new Map<string, Promise<void>>()
  const sendOne = async (request: Request): Promise<void> => {
    await sender.send(await requestRecord(codec, request, Date.now()))
    acknowledged.push(request.requestId)
  }
  const timer = setInterval(() => {
    const request = requests.next(Date.now())
    const conversation = conversationOf(request)
    last.set(
      conversation,
      (last.get(conversation) ?? Promise.resolve()).then(() => sendOne(request)),
    )
  }, 1_000 / perSecond)
  return {
    acknowledged,
    async end() {
      clearInterval(timer)
      await Promise.all(last.values())
    },
  }
}
