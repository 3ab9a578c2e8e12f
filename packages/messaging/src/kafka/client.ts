import { Kafka, logLevel, type LogEntry, type RetryOptions } from 'kafkajs'
import { patchConnect } from './connection-patch.ts'
import { patchIdleTimer } from './idle-timer-patch.ts'

export interface ClientLog {
  level: 'error' | 'warn' | 'info' | 'debug'
  message: string
  /** Names and numbers of the client's own; never content of a record. */
  fields: Record<string, string | number>
}

export interface ClientOptions {
  brokers: string[]
  clientId: string
  log?: (entry: ClientLog) => void
}

/** For calls that somebody waits for: a broker that is away is reported within seconds. */
export const promptRetry: RetryOptions = { initialRetryTime: 100, multiplier: 2, factor: 0.2, retries: 3, maxRetryTime: 1_000 }

/** For what must outlast a broker's restart. */
export const patientRetry: RetryOptions = { initialRetryTime: 100, multiplier: 2, factor: 0.2, retries: 10, maxRetryTime: 5_000 }

/** A client of its own for every producer, consumer and admin: kafkajs shares committed offsets between the consumers of one client. */
export function createClient(options: ClientOptions, retry: RetryOptions): Kafka {
  patchIdleTimer()
  patchConnect()
  return new Kafka({
    brokers: options.brokers,
    clientId: options.clientId,
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      if (!entry.log.message.startsWith(needlessWarning)) options.log?.(readable(entry))
    },
  })
}

/** Comes with every idempotent producer that gives up at all. Ours starts with a fresh producer id after each failure. */
const needlessWarning = 'Limiting retries for the idempotent producer'

const shownFields = ['groupId', 'memberId', 'broker', 'topic', 'partition', 'error', 'retryCount', 'retryTime']

function readable({ namespace, level, log }: LogEntry): ClientLog {
  const fields: ClientLog['fields'] = { namespace }
  for (const name of shownFields) {
    const value: unknown = log[name]
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value
  }
  return { level: levelName(level), message: log.message, fields }
}

function levelName(level: logLevel): ClientLog['level'] {
  if (level <= logLevel.ERROR) return 'error'
  if (level <= logLevel.WARN) return 'warn'
  return level <= logLevel.INFO ? 'info' : 'debug'
}
