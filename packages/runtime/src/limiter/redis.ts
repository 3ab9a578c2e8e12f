import { Fault } from '@concord/contracts'
import Bottleneck from 'bottleneck'
import { Redis } from 'ioredis'
import { checkRate, type Limiter, type Rate } from './limiter.ts'
import { createWaiters } from './waiters.ts'

export interface RedisLimiterOptions {
  url: string
  /** How long Redis may be away before those who wait are told. Milliseconds. */
  timeoutMs?: number
}

/** Requests that bottleneck holds at a time for all our waiters: enough to keep its round trips overlapping. */
const MOST_REQUESTS = 16

/** A slot outlives its permit by this much, in Redis only, so that a process that died gives its slots back. Milliseconds. */
const CRASH_MARGIN_MS = 1_000

/**
 * One rate for all processes that use the same name, through bottleneck over Redis.
 *
 * A permit is a slot held for `perMs`, with `permits` slots: exact over any span. Bottleneck's reservoir refills in fixed windows,
 * so it lets twice the rate pass where two meet, and only at each heartbeat. Bottleneck cannot take a job out of its queue either:
 * the waiters stand here, and its jobs are anonymous requests that serve whoever is first when they run.
 *
 * After Redis is flushed, the permits of the last span are forgotten once.
 */
export function createRedisLimiter(name: string, rate: Rate, { url, timeoutMs = 3_000 }: RedisLimiterOptions): Limiter {
  checkRate(rate)
  const waiters = createWaiters(() => performance.now())
  const holds = createHolds(rate.perMs + 1) // a timer may fire a millisecond early
  const link = connect(url, timeoutMs)
  const heartbeatMs = Math.min(1_000, Math.max(100, Math.floor(rate.perMs / 2)))
  let shared = share(link, name, rate, heartbeatMs)
  let requested = 0

  const serveOne = async (): Promise<void> => {
    requested--
    if (!waiters.serve()) return
    request()
    await holds.hold()
  }

  /** A request that failed before it ran is made again by `tick`, for as long as someone waits. */
  const request = (): void => {
    while (requested < Math.min(waiters.size, MOST_REQUESTS)) {
      let started = false
      requested++
      shared.limiter
        .schedule({ expiration: rate.perMs + CRASH_MARGIN_MS }, () => ((started = true), serveOne()))
        .catch(() => void (started || requested--))
    }
  }

  const tick = (): void => {
    if (shared.failed()) shared = share(link, name, rate, heartbeatMs)
    if (waiters.size === 0) return
    if (link.awayMs() > timeoutMs) return waiters.rejectAll(unavailable(url))
    request()
    shared.revive()
  }
  const ticking = setInterval(tick, heartbeatMs).unref()

  return {
    acquire(signal) {
      const permit = waiters.join(signal)
      request()
      return permit
    },
    async close() {
      clearInterval(ticking)
      waiters.close()
      await link.connection.disconnect(false) // before the holds end, so that slots in use stay taken for their span
      holds.end()
    },
  }
}

interface Link {
  connection: Bottleneck.IORedisConnection
  /** Milliseconds since Redis was last connected; 0 while it is. */
  awayMs(): number
}

function connect(url: string, timeoutMs: number): Link {
  const client = new Redis(url, {
    maxRetriesPerRequest: 0, // a command under way fails with its connection; `tick` asks again
    connectTimeout: timeoutMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  })
  keepErrorCodes(client)
  let awaySince: number | undefined = performance.now()
  client.on('ready', () => (awaySince = undefined))
  client.on('close', () => (awaySince ??= performance.now()))
  const connection = new Bottleneck.IORedisConnection({ client })
  connection.on('error', () => undefined) // shows in `awayMs`
  return { connection, awayMs: () => (awaySince === undefined ? 0 : performance.now() - awaySince) }
}

/**
 * Since Redis 7 `redis.error_reply('X')` answers `ERR X`, and bottleneck, which knows its own errors by their whole text, no longer
 * recovers from lost settings or a forgotten client. An error table keeps the text.
 */
function keepErrorCodes(client: Redis): void {
  const define = client.defineCommand.bind(client)
  client.defineCommand = (name, definition) =>
    define(name, { ...definition, lua: definition.lua.replaceAll(/redis\.error_reply\(('[A-Z_]+')\)/g, '{ err = $1 }') })
}

function share({ connection }: Link, name: string, { permits }: Rate, heartbeatInterval: number) {
  const limiter = new Bottleneck({ id: `concord:limiter:${name}`, connection, maxConcurrent: permits, heartbeatInterval })
  let failed = false
  limiter.on('error', () => undefined) // a request that suffers from it is made again
  limiter
    .ready()
    // The settings of a name stay in Redis: whoever starts last with another rate sets it for all.
    .then(() => limiter.updateSettings({ maxConcurrent: permits }))
    .catch(() => (failed = true))
  return {
    limiter,
    /** Bottleneck never recovers from a failed start. */
    failed: () => failed,
    /** Writes the settings again if Redis was flushed: bottleneck's own heartbeat does not, and its queue would wait for ever. */
    revive: () => void limiter.check().catch(() => undefined),
  }
}

function createHolds(ms: number) {
  const ends = new Set<() => void>()
  return {
    /** Resolves after `ms`; does not keep the process alive. */
    hold: () =>
      new Promise<void>((resolve) => {
        const end = () => (clearTimeout(timer), ends.delete(end), resolve())
        const timer = setTimeout(end, ms).unref()
        ends.add(end)
      }),
    end: () => {
      for (const end of ends) end()
    },
  }
}

function unavailable(url: string): Fault {
  return new Fault('store_unavailable', `Redis at ${new URL(url).host} is away, and with it the shared limits.`, {
    retryable: true,
    mend: 'Check REDIS_URL and that Redis runs.',
  })
}
