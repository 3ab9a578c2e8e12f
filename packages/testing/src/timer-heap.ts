/** A timer that has been taken from its heap. */
export interface Timer {
  readonly at: number
  readonly run: () => void
}

interface Entry extends Timer {
  readonly order: number
  cancelled: boolean
}

/** Timers by their time, those of one time by their creation. A binary heap: a simulation sets hundreds of thousands. */
export interface TimerHeap {
  /** @returns how to cancel it; late, that does nothing. */
  add(at: number, run: () => void): () => void
  /** Removes and returns the first timer, unless it is later than `until`. */
  takeUntil(until: number): Timer | undefined
}

export function createTimerHeap(): TimerHeap {
  const heap: Entry[] = []
  let created = 0

  const before = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return one !== undefined
    return one.at < other.at || (one.at === other.at && one.order < other.order)
  }

  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return
    heap[a] = other
    heap[b] = one
  }

  const rise = (from: number): void => {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (!before(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }

  const sink = (): void => {
    for (let at = 0; ;) {
      const left = 2 * at + 1
      const child = before(left + 1, left) ? left + 1 : left
      if (child >= heap.length || !before(child, at)) return
      swap(child, at)
      at = child
    }
  }

  const take = (): Entry | undefined => {
    swap(0, heap.length - 1)
    const first = heap.pop()
    sink()
    return first
  }

  return {
    add(at, run) {
      const entry = { at, order: created++, run, cancelled: false }
      heap.push(entry)
      rise(heap.length - 1)
      return () => void (entry.cancelled = true)
    },
    takeUntil(until) {
      while (heap[0]?.cancelled === true) take()
      return heap[0] !== undefined && heap[0].at <= until ? take() : undefined
    },
  }
}
