import { Fault } from '@concord/contracts'
import { Redis } from 'ioredis'

export interface LinkOptions {
  /** For example `redis://127.0.0.1:6379`. */
  url: string
  /** How long a call waits for the connection, and then for its answer. Milliseconds. */
  timeoutMs?: number
}

/** A connection that never hides an outage: a call answers, or rejects as a retryable `store_unavailable` within twice `timeoutMs`. */
export interface Link {
  redis: Redis
  call<T>(operation: string, run: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createLink({ url, timeoutMs = 3_000 }: LinkOptions): Link {
  const where = new URL(url).host
  const redis = connect(url, timeoutMs)
  let waiting: PromiseWithResolvers<void> | undefined
  let lastError: Error | undefined

  redis.on('error', (error: Error) => (lastError = error))
  redis.on('ready', () => (waiting = void waiting?.resolve()))
  redis.on('end', () => (waiting = void waiting?.reject(new Error('the connection is closed'))))

  const connected = async (): Promise<void> => {
    if (redis.status === 'ready') return
    if (redis.status === 'end') throw new Error('the connection is closed')
    waiting ??= Promise.withResolvers<void>()
    await within(timeoutMs, waiting.promise, () => lastError ?? new Error('no connection'))
  }

  const unavailable = (operation: string, error: unknown): Fault =>
    new Fault('store_unavailable', `Redis at ${where} did not answer ${operation}: ${text(error)}.`, {
      retryable: true,
      mend: 'Check REDIS_URL and that Redis runs.',
      cause: withoutArguments(error),
    })

  return {
    redis,
    async call(operation, run) {
      try {
        await connected()
        return await run()
      } catch (error) {
        throw unavailable(operation, error)
      }
    },
    close: () => close(redis),
  }
}

/**
 * Nothing is queued while the connection is away and nothing is sent again when it returns: a write that its caller has given
 * up must not appear later. `maxRetriesPerRequest: 0` rejects what was under way as soon as the connection breaks.
 */
function connect(url: string, timeoutMs: number): Redis {
  return new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    socketTimeout: 2 * timeoutMs, // a connection that swallows commands is replaced
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  })
}

async function within(ms: number, promise: Promise<void>, reason: () => Error): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(reason()), ms)
  try {
    await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function close(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await redis.quit().catch(() => undefined)
  redis.disconnect()
}

function text(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}

/** ioredis hangs the command with its arguments on its errors; those are content and stay out of logs. */
function withoutArguments(error: unknown): unknown {
  if (error instanceof Error && 'command' in error) delete error.command
  return error
}
