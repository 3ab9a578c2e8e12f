/** Holds down how many are at work at once. */
export interface Bulkhead {
  /** Takes a place. @returns what gives it back, which counts once; or null when there is none. */
  tryEnter(): (() => void) | null
  running(): number
}

/** @param onRoom called whenever a place is given back. */
export function createBulkhead(limit: number, onRoom: () => void): Bulkhead {
  let running = 0
  return {
    tryEnter() {
      if (running >= limit) return null
      running++
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        running--
        onRoom()
      }
    },
    running: () => running,
  }
}
