/** Runs every item, at most `width` at once, in order of the list. */
export async function inTurn<T>(items: readonly T[], width: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of queue) await run(item)
    }),
  )
}
