import { Fault } from '@concord/contracts'
import { destination, pino, type DestinationStream } from 'pino'

/** What goes into a log line: codes, ids, counts, durations. Never content, personal data or secrets. */
export type LogFields = Record<string, unknown>

export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** A logger that adds `fields` to every line: requestId, traceId. */
  child(fields: LogFields): Logger
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

export interface LoggerOptions {
  service: string
  level: (typeof logLevels)[number]
  /** Standard output unless told otherwise. */
  stream?: DestinationStream
}

/** Fields that could hold content or secrets, wherever someone puts them by mistake. */
const unsafe = ['text', 'value', 'body', 'content', 'history', 'metadata', 'customerId', 'apiKey', 'password', 'authorization']

/** JSON lines. An `error` field is written as code, masked message and stack frames, with its causes. */
export function createLogger({ service, level, stream = destination(1) }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: unsafe.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    serializers: { error: describeError },
  }
  return pino(options, stream)
}

const nothing = (): void => undefined

/** Says nothing: for tests. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLogger }

const maxCauses = 4

/** An error without the content that it may quote: only a classified fault's message is shown as it is. Total: never throws. */
export function describeError(error: unknown): LogFields {
  try {
    return described(error, 0)
  } catch {
    return { name: 'an error that cannot be shown' }
  }
}

function described(error: unknown, depth: number): LogFields {
  if (!(error instanceof Error)) return { name: typeof error }
  const classified = error instanceof Fault && error.code !== 'internal'
  return {
    name: error.name,
    ...(error instanceof Fault ? { code: error.code, retryable: error.retryable } : {}),
    message: classified ? error.message : masked(error.message),
    ...(classified ? {} : { frames: frames(error) }),
    ...(error.cause === undefined || depth >= maxCauses ? {} : { cause: described(error.cause, depth + 1) }),
  }
}

/** Errors of the platform quote what they choked on: JSON.parse shows a piece of its input. */
export function masked(message: string): string {
  return message.replace(/(["'`])[^]*\1/g, '$1…$1').slice(0, 300)
}

function frames(error: Error): string[] {
  const lines = error.stack?.split('\n') ?? []
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim())
}
