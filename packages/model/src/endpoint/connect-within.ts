/**
 * A time limit for connecting alone. The platform's fetch says when it writes a request's headers, so when a connection stands, on a
 * diagnostics channel; the asynchronous context says whose request that was.
 */
import { Fault, type Clock } from '@concord/contracts'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'

type Connected = () => void

const current = new AsyncLocalStorage<Connected>()
const waiting = new WeakMap<object, Connected>()

subscribe('undici:request:create', (message) => {
  const connected = current.getStore()
  if (connected !== undefined) waiting.set(requestOf(message), connected)
})
subscribe('undici:client:sendHeaders', (message) => waiting.get(requestOf(message))?.())

/** Runs `send` with a signal that also aborts when no connection stands after `ms`. Rejects with `model_unavailable` then. */
export async function connectWithin<T>(
  ms: number,
  clock: Clock,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const cancel = clock.after(ms, () =>
    late.abort(new Fault('model_unavailable', `no connection to the endpoint stood after ${ms} ms`, { retryable: true })),
  )
  try {
    return await current.run(cancel, () => send(AbortSignal.any([signal, late.signal])))
  } catch (error) {
    throw late.signal.aborted ? late.signal.reason : error
  } finally {
    cancel()
  }
}

function requestOf(message: unknown): object {
  return (message as { request: object }).request
}
