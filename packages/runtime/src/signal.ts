import { Fault, type Clock } from '@concord/contracts'

/** A signal with an end of its own. */
export interface Bounded extends Disposable {
  readonly signal: AbortSignal
}

/** Aborts with `deadline_exceeded` at that time, or with the parent; at once where either is past. Dispose of it, or timer and listener stay. */
export function until(deadline: number, parent: AbortSignal, clock: Clock): Bounded {
  const controller = new AbortController()
  const follow = (): void => controller.abort(parent.reason)
  const late = (): void => controller.abort(new Fault('deadline_exceeded', 'the time for this message is over.'))
  if (parent.aborted) follow()
  else if (deadline <= clock.now()) late()
  if (controller.signal.aborted) return { signal: controller.signal, [Symbol.dispose]() {} }
  parent.addEventListener('abort', follow, { once: true })
  const cancel = clock.after(deadline - clock.now(), late)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      cancel()
      parent.removeEventListener('abort', follow)
    },
  }
}

/** What the work gives, or the signal's reason as soon as it aborts: the work may never end. After an abort it does not begin. */
export async function orAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work(), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
