/** How many of the calls of the last while have failed. */
export interface FailureWindow {
  /** Adds one that ended at `now`, which never goes back. @returns the figures of the time up to and with it */
  add(now: number, failed: boolean): { calls: number; failures: number }
}

/** @param ms a call counts for less than so long */
export function createFailureWindow(ms: number): FailureWindow {
  let ended: { at: number; failed: boolean }[] = []
  let first = 0
  let failures = 0

  const forget = (until: number): void => {
    for (let oldest = ended[first]; oldest !== undefined && oldest.at <= until; oldest = ended[first]) {
      if (oldest.failed) failures -= 1
      first += 1
    }
    // Cut off in halves, so that each call is moved once or twice in all.
    if (first * 2 > ended.length) {
      ended = ended.slice(first)
      first = 0
    }
  }

  return {
    add(now, failed) {
      forget(now - ms)
      ended.push({ at: now, failed })
      if (failed) failures += 1
      return { calls: ended.length - first, failures }
    },
  }
}
