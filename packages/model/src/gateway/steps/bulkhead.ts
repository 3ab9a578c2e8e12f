import { Fault } from '@concord/contracts'
import { targetOf, type Step } from '../ask.ts'
import type { OnGatewayEvent } from '../events.ts'

interface Room {
  underWay: number
  /** In the order of their coming. */
  waiting: (() => void)[]
}

/** Keeps one target from taking up the whole process: so many requests at once, so many more wait, and the rest are stopped. */
export function bulkhead(onEvent: OnGatewayEvent): Step {
  const rooms = new Map<string, Room>()

  return async (ask, next) => {
    const { id, atOnce } = targetOf(ask)
    if (atOnce === undefined) return next()
    const room = rooms.get(id) ?? { underWay: 0, waiting: [] }
    rooms.set(id, room)
    if (room.underWay < atOnce.most) room.underWay += 1
    else if (room.waiting.length < atOnce.waiting) await turn(room, ask.signal)
    else {
      ask.stoppedBy = 'bulkhead'
      onEvent({ kind: 'stopped', target: id, by: 'bulkhead' })
      throw new Fault('model_unavailable', `as many calls of ${id} as may be are under way.`, { retryable: true })
    }
    try {
      return await next()
    } finally {
      const first = room.waiting.shift()
      if (first === undefined) room.underWay -= 1
      else first()
    }
  }
}

/** Resolves when a place is handed over. Rejects with the signal's reason, and is out of the line then. */
function turn(room: Room, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const enter = (): void => (signal.removeEventListener('abort', leave), resolve())
    const leave = (): void => {
      room.waiting.splice(room.waiting.indexOf(enter), 1)
      reject(signal.reason)
    }
    room.waiting.push(enter)
    signal.addEventListener('abort', leave, { once: true })
  })
}
