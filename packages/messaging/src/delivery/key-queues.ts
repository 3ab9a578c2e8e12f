/**
 * A first-in-first-out queue for each key. A key whose head was taken gives nothing more until that head is finished or released, so at
 * most one item of a key is on its way. Keys take turns.
 */
export interface KeyQueues<T> {
  add(key: string, item: T): void
  /** The head of the next ready key, which stays at the head. */
  take(): T | undefined
  /** The taken head is done with: the next of its key is ready. */
  finish(key: string): void
  /** The taken head is to be taken again. */
  release(key: string): void
  /** Removes the items that match, except taken heads. */
  remove(match: (item: T) => boolean): void
  /** Items that are queued and not taken. */
  size(): number
}

interface Queue<T> {
  items: T[]
  taken: boolean
}

export function createKeyQueues<T>(): KeyQueues<T> {
  const queues = new Map<string, Queue<T>>()
  /** Keys with a head to take, in the order in which they take turns. */
  const ready = new Set<string>()
  let waiting = 0

  function settle(key: string, queue: Queue<T>): void {
    if (queue.items.length === 0) {
      queues.delete(key)
      ready.delete(key)
    } else if (!queue.taken) {
      ready.add(key)
    }
  }

  return {
    add(key, item) {
      const queue = queues.get(key) ?? { items: [], taken: false }
      queues.set(key, queue)
      queue.items.push(item)
      waiting++
      settle(key, queue)
    },
    take() {
      const [key] = ready
      if (key === undefined) return undefined
      ready.delete(key)
      const queue = queues.get(key)
      if (queue === undefined) return undefined
      queue.taken = true
      waiting--
      return queue.items[0]
    },
    finish(key) {
      const queue = queues.get(key)
      if (!queue?.taken) return
      queue.items.shift()
      queue.taken = false
      settle(key, queue)
    },
    release(key) {
      const queue = queues.get(key)
      if (!queue?.taken) return
      queue.taken = false
      waiting++
      settle(key, queue)
    },
    remove(match) {
      for (const [key, queue] of queues) {
        const before = queue.items.length
        queue.items = queue.items.filter((item, index) => (index === 0 && queue.taken) || !match(item))
        waiting -= before - queue.items.length
        settle(key, queue)
      }
    },
    size: () => waiting,
  }
}
