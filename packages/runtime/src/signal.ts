import { Fault, type Clock } from '@concord/contracts'

/** A signal with an end of its own. */
export interface Bounded extends Disposable {
  readonly signal: AbortSignal
}

/** Aborts with `deadline_exceeded` at that time, or with the parent. Dispose of it, or timer and listener stay. */
export function until(deadline: number, parent: AbortSignal, clock: Clock): Bounded {
  const controller = new AbortController()
  const follow = (): void => controller.abort(parent.reason)
  if (parent.aborted) follow()
  parent.addEventListener('abort', follow, { once: true })
  const late = (): void => controller.abort(new Fault('deadline_exceeded', 'the time for this message is over.'))
  const cancel = clock.after(Math.max(0, deadline - clock.now()), late)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      cancel()
      parent.removeEventListener('abort', follow)
    },
  }
}

/** What the work gives, or the signal's reason as soon as it aborts: the work may never end. */
export async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
