/**
 * Errors that a handler lets loose outside of its promise, in a timer for example. The platform tells the whole process of them, and the
 * async context is all that says whose they are. Nothing but that travels in it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Fault } from '@concord/contracts'

const accounts = new AsyncLocalStorage<(fault: Fault) => void>()

/** Runs the work so that a stray error of its own ends it too, for good. */
export function accountable<T>(work: () => Promise<T>): Promise<T> {
  const stray = Promise.withResolvers<never>()
  return Promise.race([accounts.run(stray.reject, work), stray.promise])
}

/** Ends the work that the error has come from, where there is such: to be called where the platform reports it. */
export function blame(error: unknown): void {
  const { message, cause } = Fault.from(error)
  const said = `an error was thrown outside of the handler's promise: ${message}`
  accounts.getStore()?.(new Fault('internal', said, { mend: 'Await what the handler starts.', cause: cause ?? error }))
}
