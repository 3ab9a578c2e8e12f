import { Fault } from '@concord/contracts'
import { createLogger, describeError, flushSpans } from '@concord/telemetry'
import { blame } from '../stray.ts'
import { serve, type Service } from './serve.ts'

/** After a signal, the process ends in this time whatever happens. Milliseconds. */
const mostMs = 15_000

/**
 * The whole of a service's process: configuration from the environment, until SIGTERM or SIGINT drains it; a second signal ends it at
 * once. Exits with 1, saying why and what mends it, where waiting would not help.
 */
export async function runService(service: Service): Promise<void> {
  const stop = new AbortController()
  const log = createLogger({ service: service.name, level: 'info' })

  const onSignal = (name: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort(new Fault('aborted', `${name} was received.`))
    setTimeout(() => process.exit(1), mostMs).unref()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // A handler's forgotten promise is its own loss: the message has its outcome, or its deadline.
  process.on('unhandledRejection', (error) => log.error({ error: describeError(error) }, 'a rejection that nobody handles'))
  // The message that it came from is given up while the process drains, or it would end the next process too.
  process.on('uncaughtException', (error) => {
    blame(error)
    log.error({ error: describeError(error) }, 'an exception that nobody catches; draining')
    process.exitCode = 1
    stop.abort(Fault.from(error))
    setTimeout(() => process.exit(1), mostMs).unref()
  })

  try {
    await serve(service, stop.signal)
    await flushSpans()
    process.exit()
  } catch (error) {
    const fault = Fault.from(error)
    log.error({ error: fault }, 'the service cannot run')
    process.stderr.write(`${service.name}: ${fault.message}\n`, () => process.exit(1))
  }
}
