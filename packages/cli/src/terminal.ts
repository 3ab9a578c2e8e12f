/** A page that is drawn again and again in one place. */
import { stripVTControlCharacters } from 'node:util'

export interface Terminal {
  /** The part of a stream that a terminal has. */
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
  rows?: number
}

export interface Screen {
  draw(page: string): void
  /** Leaves the last page standing, and the cursor below it. */
  end(): void
}

const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'
const clearScreen = '\u001b[2J'
const home = '\u001b[H'
const clearLine = '\u001b[K'
const clearBelow = '\u001b[J'

/** On a terminal each page takes the place of the one before; anywhere else they follow each other. */
export function openScreen(terminal: Terminal): Screen {
  if (terminal.isTTY !== true) return { draw: (page) => void terminal.write(`${page}\n\n`), end: () => undefined }
  let drawn = false
  return {
    draw(page) {
      const { columns = 120, rows = 40 } = terminal
      const lines = page.split('\n').map((line) => cutTo(line, columns))
      const shown = lines.length < rows ? lines : [...lines.slice(0, rows - 2), '…']
      const start = drawn ? home : hideCursor + clearScreen + home
      drawn = true
      terminal.write(start + shown.map((line) => `${line}${clearLine}\n`).join('') + clearBelow)
    },
    end: () => void (drawn && terminal.write(showCursor)),
  }
}

/** A line that is too wide would take two, and the page would wander. */
const cutTo = (line: string, columns: number): string =>
  plain(line).length <= columns ? line : `${plain(line).slice(0, columns - 1)}…`

// Colours take no room.
const plain = stripVTControlCharacters

/** Whether colours are wanted: https://no-color.org */
export function wantsColour({ isTTY }: Terminal, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

export type Paint = (text: string, colour: 'red' | 'yellow' | 'faint') => string

const codes = { red: 31, yellow: 33, faint: 2 } as const

export const painter =
  (wanted: boolean): Paint =>
  (text, colour) =>
    wanted ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
