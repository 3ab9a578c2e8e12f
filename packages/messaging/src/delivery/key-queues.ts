interface Queue<T> {
  items: T[]
  taken: boolean
}

/**
 * A first-in-first-out queue for each key. A key whose head was taken gives nothing more until that head is finished or released, so at
 * most one item of a key is on its way. Keys take turns.
 */
export class KeyQueues<T> {
  readonly #queues = new Map<string, Queue<T>>()
  /** Keys with a head to take, in the order in which they take turns. */
  readonly #ready = new Set<string>()
  #size = 0

  add(key: string, item: T): void {
    const queue = this.#queues.get(key) ?? { items: [], taken: false }
    this.#queues.set(key, queue)
    queue.items.push(item)
    this.#size++
    this.#settle(key, queue)
  }

  hasReady(): boolean {
    return this.#ready.size > 0
  }

  /** The head of the next ready key, which stays at the head. */
  take(): T | undefined {
    const [key] = this.#ready
    if (key === undefined) return undefined
    this.#ready.delete(key)
    const queue = this.#queues.get(key)
    if (queue === undefined) return undefined
    queue.taken = true
    this.#size--
    return queue.items[0]
  }

  /** The taken head is done with: the next of its key is ready. */
  finish(key: string): void {
    const queue = this.#queues.get(key)
    if (!queue?.taken) return
    queue.items.shift()
    queue.taken = false
    this.#settle(key, queue)
  }

  /** The taken head is to be taken again. */
  release(key: string): void {
    const queue = this.#queues.get(key)
    if (!queue?.taken) return
    queue.taken = false
    this.#size++
    this.#settle(key, queue)
  }

  /** Removes the items that match, except taken heads. */
  remove(match: (item: T) => boolean): void {
    for (const [key, queue] of this.#queues) {
      const before = queue.items.length
      queue.items = queue.items.filter((item, index) => (index === 0 && queue.taken) || !match(item))
      this.#size -= before - queue.items.length
      this.#settle(key, queue)
    }
  }

  /** Items that are queued and not taken. */
  size(): number {
    return this.#size
  }

  #settle(key: string, queue: Queue<T>): void {
    if (queue.items.length === 0) {
      this.#queues.delete(key)
      this.#ready.delete(key)
    } else if (!queue.taken) {
      this.#ready.add(key)
    }
  }
}
