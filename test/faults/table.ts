/** A verdict per line, as a table for people. */
import { causes } from './check/happening.ts'
import type { Verdict } from './check/check.ts'

const columns: [string, (verdict: Verdict) => string | number][] = [
  ['requests', ({ asked }) => asked],
  ['outcomes', ({ outcomes }) => outcomes.ended],
  ['missing', ({ outcomes }) => outcomes.missing.length],
  ['double', ({ outcomes }) => outcomes.double.length],
  ['disorder', ({ disorder }) => disorder.length],
  ['traces', ({ brokenTraces }) => brokenTraces.length],
  ['unread', ({ undecodable }) => undecodable.length],
  ['dead', ({ deadLetters }) => [...deadLetters.values()].reduce((sum, times) => sum + times, 0)],
  ['expired', ({ outcomes }) => outcomes.expired.length],
  ['repeated', ({ outcomes }) => outcomes.repeats],
  ['late', ({ lateRepeats }) => lateRepeats],
  ['calls again', ({ repeatedCalls }) => describeRepeats(repeatedCalls)],
  ['p50 ms', ({ latency }) => latency.p50],
  ['p99 ms', ({ latency }) => latency.p99],
  ['recovery ms', ({ latency }) => latency.recovery],
]

function describeRepeats({ byCause, unexplained }: Verdict['repeatedCalls']): string {
  const parts = causes.filter((cause) => byCause[cause] > 0).map((cause) => `${byCause[cause]} ${cause}`)
  if (unexplained.length > 0) parts.push(`${unexplained.length} WITHOUT CAUSE`)
  return parts.join(', ') || '0'
}

export function renderTable(rounds: readonly { name: string; verdict: Verdict }[]): string {
  const head = ['fault', ...columns.map(([title]) => title)]
  const rows = rounds.map(({ name, verdict }) => [name, ...columns.map(([, read]) => String(read(verdict)))])
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => pad(cell, widths[at] ?? 0, at))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** Names and causes to the left, numbers to the right. */
const pad = (cell: string, width: number, at: number): string =>
  /^\d+$/.test(cell) && at > 0 ? cell.padStart(width) : cell.padEnd(width)
