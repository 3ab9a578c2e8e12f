/** The log of one replica, as far as it helps a reader of the history. */
import { Fault } from '@concord/contracts'
import type { Logger, LogFields } from '@concord/telemetry'
import type { History } from './history.ts'

const nothing = (): void => undefined

export function loggerOf(clientId: string, history: History): Logger {
  const tell =
    (level: string) =>
    (fields: LogFields, message: string): void =>
      void history.note(clientId, `${level}: ${message}${about(fields)}`)
  const logger: Logger = { debug: nothing, info: nothing, warn: tell('warns'), error: tell('says'), child: () => logger }
  return logger
}

function about({ error, topic }: LogFields): string {
  const where = typeof topic === 'string' ? ` on ${topic}` : ''
  return error === undefined ? where : `${where} (${Fault.from(error).message.slice(0, 160)})`
}
