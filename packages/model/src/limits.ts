/** The signals that end a call, each with a Fault as its reason. */
import { Fault, type Clock } from '@concord/contracts'

export interface Limit extends Disposable {
  signal: AbortSignal
  /** The Fault that ended it, if one did. */
  fault(): Fault | undefined
}

/** Ends when the caller aborts or the deadline passes. */
export function callLimit(caller: AbortSignal, deadline: number, clock: Clock): Limit {
  return limit(
    [caller],
    deadline - clock.now(),
    clock,
    new Fault('deadline_exceeded', 'the deadline passed before the model answered'),
  )
}

/** Ends with `parent`, or after `ms`. */
export function requestLimit(parent: AbortSignal, ms: number, clock: Clock): Limit {
  return limit([parent], ms, clock, new Fault('model_unavailable', 'the endpoint did not answer in time', { retryable: true }))
}

function limit(parents: readonly AbortSignal[], ms: number, clock: Clock, onTime: Fault): Limit {
  const timer = new AbortController()
  const cancel = clock.after(Math.max(0, ms), () => timer.abort(onTime))
  if (ms <= 0) timer.abort(onTime)
  const signal = AbortSignal.any([...parents, timer.signal])
  return {
    signal,
    fault: () => (signal.aborted ? reasonOf(signal) : undefined),
    [Symbol.dispose]: cancel,
  }
}

function reasonOf(signal: AbortSignal): Fault {
  return signal.reason instanceof Fault ? signal.reason : new Fault('aborted', 'the caller gave the call up')
}
