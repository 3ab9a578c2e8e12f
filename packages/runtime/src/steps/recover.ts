import { Fault } from '@concord/contracts'
import type { Settled } from '@concord/messaging'
import { backOff } from '../back-off.ts'
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

  const again = (work: Work): Settled => ({ kind: 'retry', afterMs: backOff(work.attempt, random) })

  async function mend(work: Work, fault: Fault): Promise<Settled> {
    const { topic, partition, offset } = work.record
    if (work.signal.aborted) return { kind: 'retry', afterMs: 0 }
    metrics.failed.inc({ topic, code: fault.code })
    if (shell.dependencies.report(fault)) return again(work)
    const later = again(work)
    if (fault.retryable && later.kind === 'retry' && clock.now() + later.afterMs < work.deadline) {
      work.log.warn({ topic, partition, offset, attempt: work.attempt, error: fault }, 'put off')
      metrics.retries.inc({ topic, code: fault.code })
      await onRetry(work)
      return later
    }
    work.log.error({ topic, partition, offset, attempt: work.attempt, error: fault }, 'given up')
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
