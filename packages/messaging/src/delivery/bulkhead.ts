/** Holds down how many tasks run at once. */
export interface Bulkhead {
  /** Starts the task when there is room. @returns whether it did. */
  tryRun(task: () => Promise<void>): boolean
  running(): number
}

/** @param onRoom called whenever a task has ended. */
export function createBulkhead(limit: number, onRoom: () => void): Bulkhead {
  let running = 0
  async function run(task: () => Promise<void>): Promise<void> {
    running++
    try {
      await task()
    } finally {
      running--
      onRoom()
    }
  }
  return {
    tryRun(task) {
      if (running >= limit) return false
      void run(task)
      return true
    },
    running: () => running,
  }
}
