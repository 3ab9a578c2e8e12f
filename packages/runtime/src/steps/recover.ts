import { Fault } from '@concord/contracts'
import type { Settled } from '@concord/messaging'
import { backOff } from '../back-off.ts'
import { isGivenUp } from '../given-up.ts'
import type { Shell } from '../shell.ts'
import type { Step, Work } from '../work.ts'

export interface RecoverOptions {
  /** Writes the dead letter, and tells who must know. Resolves when all of that is acknowledged. */
  giveUp(work: Work, fault: Fault): Promise<Settled>
  /** Called before an attempt is put off. */
  onRetry?(work: Work): Promise<void>
}

/**
 * What becomes of a fault in any later step. A dependency that is away pauses everything until it answers. A retryable fault waits in
 * place, while there is time. Anything else is given up. If that fails too, nothing is committed and it is tried again.
 */
export function recover(shell: Shell, { giveUp, onRetry = async () => {} }: RecoverOptions): Step {
  const { clock, random, metrics } = shell.deps

  const again = (work: Work): Settled & { kind: 'retry' } => ({ kind: 'retry', afterMs: backOff(work.attempt, random) })

  async function mend(work: Work, thrown: Fault): Promise<Settled> {
    const { topic, partition, offset } = work.record
    const ended = toldToEnd(work)
    if (work.signal.aborted && ended === null) return { kind: 'retry', afterMs: 0 }
    const fault = ended ?? thrown
    metrics.failed.inc({ topic, code: fault.code })
    const later = again(work)
    work.interrupted = shell.dependencies.report(fault)
    if (work.interrupted || isOthers(fault)) return later
    const said = { topic, partition, offset, attempt: work.attempt, error: fault }
    if (mustGoOut(work, fault, shell.group) || (fault.retryable && clock.now() + later.afterMs < work.deadline)) {
      work.log.warn(said, 'put off')
      metrics.retries.inc({ topic, code: fault.code })
      await onRetry(work)
      return later
    }
    work.log.error(said, 'given up')
    metrics.deadLetters.inc({ topic, code: fault.code })
    return giveUp(work, fault)
  }

  return async (work, next) => {
    try {
      return await next()
    } catch (error) {
      return mend(work, Fault.from(error)).catch((second: unknown) => {
        const fault = Fault.from(second)
        shell.dependencies.report(fault)
        work.log.error({ topic: work.record.topic, error: fault }, 'a failure could not be recorded')
        return again(work)
      })
    }
  }
}

/** Why the delivery has ended the record itself, so that it holds up its partition no longer. */
function toldToEnd({ signal }: Work): Fault | null {
  const reason: unknown = signal.aborted ? signal.reason : null
  return reason instanceof Fault && reason.code === 'head_of_line' ? reason : null
}

/** The record is, or may be, another member's by now: whatever becomes of it is not ours to say. */
function isOthers({ code }: Fault): boolean {
  return code === 'fenced'
}

/** What is remembered may be in the log already, unless the broker has refused it; and a dead letter is the last word. */
function mustGoOut(work: Work, { code }: Fault, group: string): boolean {
  return work.remembered && (code !== 'invalid_record' || isGivenUp(work, group))
}
