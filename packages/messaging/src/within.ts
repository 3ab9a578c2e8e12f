import type { Clock } from '@concord/contracts'

/** Waits for `promise`, but no longer than `ms`. @returns whether it resolved in time. */
export async function within(promise: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const cancel = clock.after(ms, () => resolve(false))
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    cancel()
  }
}
