/** What happened in a run, in order: the record that a reader follows, and that two runs of one seed are compared by. */
import { createHash } from 'node:crypto'

export interface Note {
  /** Milliseconds since the epoch, of the virtual clock. */
  at: number
  /** Which replica, or which part of the simulation. */
  by: string
  what: string
}

export interface History {
  /** @returns the number of the note: what has a lower one came before. */
  note(by: string, what: string): number
  /** The number that the next note gets. */
  now(): number
  /** One line each, with the time in seconds from the start. */
  lines(): string[]
  /** Equal for equal histories. */
  digest(): string
}

export function createHistory(clock: { now(): number }): History {
  const notes: Note[] = []
  const start = clock.now()
  const line = ({ at, by, what }: Note): string => `${((at - start) / 1_000).toFixed(3).padStart(9)}  ${by.padEnd(16)} ${what}`
  return {
    note: (by, what) => notes.push({ at: clock.now(), by, what }) - 1,
    now: () => notes.length,
    lines: () => notes.map(line),
    digest() {
      const hash = createHash('sha256')
      for (const note of notes) hash.update(`${line(note)}\n`)
      return hash.digest('hex')
    },
  }
}
