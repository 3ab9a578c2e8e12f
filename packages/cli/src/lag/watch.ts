import { Fault, type Clock } from '@concord/contracts'
import { openScreen, type Paint, type Terminal } from '../terminal.ts'
import { renderLag } from './render.ts'
import type { LagReport } from './report.ts'

const everyMs = 2_000
/** Lines around the partitions: heads, agents, sums. */
const frameLines = 20

export interface WatchOptions {
  lag(): Promise<LagReport>
  clock: Clock
  terminal: Terminal
  paint: Paint
  /** Ends the watch. */
  signal: AbortSignal
  json: boolean
  all: boolean
}

/** Shows the lag until the signal aborts. What cannot be measured now is said, and tried again. */
export async function watchLag({ lag, clock, terminal, paint, signal, json, all }: WatchOptions): Promise<void> {
  const screen = json ? null : openScreen(terminal)
  const aborted = Promise.withResolvers<null>()
  signal.addEventListener('abort', () => aborted.resolve(null), { once: true })
  try {
    while (!signal.aborted) {
      const page = await Promise.race([aborted.promise, measured()])
      if (page === null) return
      if (screen === null) terminal.write(`${page}\n`)
      else screen.draw(page)
      await clock.sleep(everyMs, signal).catch(() => undefined)
    }
  } finally {
    screen?.end()
  }

  async function measured(): Promise<string> {
    const time = new Date(clock.now()).toISOString()
    try {
      const report = await lag()
      if (json) return JSON.stringify(report)
      const most = terminal.isTTY === true ? Math.max(3, (terminal.rows ?? 40) - frameLines) : Infinity
      return `${time}\n\n${renderLag(report, { all, most, paint })}`
    } catch (error) {
      const { code, message } = Fault.from(error)
      return json ? JSON.stringify({ at: clock.now(), code, message }) : `${time}\n\n${message}`
    }
  }
}
