/** What every worker does at its start and at its end. */

/** What `startWorker` was given. */
export function workerOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

export function tell(message: unknown): void {
  process.send?.(message)
}

/** Calls `stop` at SIGTERM, and when the process that started this one is gone; then the process ends. */
export function untilTold(stop: () => Promise<void>): void {
  const end = (): void => void stop().finally(() => process.exit())
  process.once('SIGTERM', end)
  process.once('disconnect', end)
}
