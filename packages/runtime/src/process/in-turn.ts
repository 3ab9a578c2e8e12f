/** Runs the work of one key one after the other, in the order in which it came. */
export interface InTurn {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return {
    async run(key, work) {
      const before = last.get(key)
      const mine = (async () => {
        await before?.catch(() => undefined)
        return work()
      })()
      last.set(key, mine)
      try {
        return await mine
      } finally {
        if (last.get(key) === mine) last.delete(key)
      }
    },
  }
}
