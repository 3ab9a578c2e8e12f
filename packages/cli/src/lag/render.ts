import { duration } from '../ages.ts'
import { table } from '../table.ts'
import type { Paint } from '../terminal.ts'
import type { LagRow } from './lag.ts'
import type { AgentLag, LagReport } from './report.ts'

export interface LagView {
  /** Shows partitions without lag, too. */
  all: boolean
  /** Most partitions shown. */
  most: number
  paint: Paint
}

/** From this age on, in milliseconds, a row is painted. */
const late = { yellow: 10_000, red: 60_000 } as const

/** The partitions, worst first, then each agent. */
export function renderLag(report: LagReport, { all, most, paint }: LagView): string {
  const { at, agents, partitions } = report
  const wanted = partitions.filter(({ lag }) => all || lag > 0).toSorted(worstFirst)
  const shown = wanted.slice(0, most)
  const rest = [
    ...(wanted.length > shown.length ? [`${wanted.length - shown.length} more with less`] : []),
    ...(all || wanted.length === partitions.length ? [] : [`${partitions.length - wanted.length} without lag`]),
  ]
  const rows = shown.map((row) => partitionRow(row, at))
  return [
    ...(rows.length === 0 ? [] : [painted(table(partitionHead, rows, [14, 32, 9]), shown, at, paint), '']),
    ...(rest.length === 0 ? [] : [`Partitions: ${rest.join(', ')}.`, '']),
    painted(
      table(
        agentHead,
        agents.map((agent) => agentRow(agent, at)),
        [14],
      ),
      agents,
      at,
      paint,
    ),
    '',
    `${counted(report.lag, 'record')} to be handled, ${counted(sum(agents.map(({ deadLetters }) => deadLetters.open)), 'dead letter')} open.`,
  ].join('\n')
}

/** Below the two lines of the head each line is one of `rows`. */
function painted(text: string, rows: readonly { oldestAt: number | null }[], now: number, paint: Paint): string {
  const [head = '', rule = '', ...lines] = text.split('\n')
  const colours = lines.map((line, index) => {
    const ms = now - (rows[index]?.oldestAt ?? now)
    return ms >= late.red ? paint(line, 'red') : ms >= late.yellow ? paint(line, 'yellow') : line
  })
  return [head, paint(rule, 'faint'), ...colours].join('\n')
}

const worstFirst = (a: LagRow, b: LagRow): number =>
  (a.oldestAt ?? Infinity) - (b.oldestAt ?? Infinity) || b.lag - a.lag || compare(nameOf(a), nameOf(b))

const nameOf = ({ group, topic, partition }: LagRow): string => `${group} ${topic} ${String(partition).padStart(6)}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const partitionHead = ['agent', 'topic', 'partition', 'lag', 'oldest', 'not done', 'gap', 'committed', 'end']

function partitionRow({ group, topic, partition, committed, end, lag, notDone, gap, oldestAt }: LagRow, now: number): string[] {
  const at = committed < 0 ? 'nothing' : String(committed)
  return [group, topic, String(partition), String(lag), age(oldestAt, now), String(notDone), String(gap), at, String(end)]
}

const agentHead = ['agent', 'lag', 'oldest', 'in flight', 'queued', 'waiting', 'paused', 'rebalances', 'commit', 'failed', 'dead']

function agentRow({ agent, lag, oldestAt, pressure, deadLetters }: AgentLag, now: number): string[] {
  const { open } = deadLetters
  const dead = open === 0 ? '0' : `${open}, oldest ${age(deadLetters.oldestAt, now)}`
  const own = pressure === null ? Array.from({ length: 7 }, () => '?') : pressureCells(pressure)
  return [agent, String(lag), age(oldestAt, now), ...own, dead]
}

function pressureCells({
  inFlight,
  limit,
  queued,
  waiting,
  paused,
  rebalances,
  commitMs,
  commitFailures,
}: NonNullable<AgentLag['pressure']>) {
  const counts = [queued, waiting, paused, rebalances].map(String)
  return [`${inFlight}/${limit}`, ...counts, commitMs === null ? '–' : duration(commitMs), String(commitFailures)]
}

const age = (at: number | null, now: number): string => (at === null ? '–' : duration(Math.max(0, now - at)))

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)
