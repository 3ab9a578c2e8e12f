/** The table of a run: what was measured, what was aimed at, and whether that was met. Pure. */
import type { PartName } from './config.ts'
import { shown, written, type Figure } from './figures.ts'
import type { Backlog, Idle } from './parts/footprint.ts'
import { latencyRate, type Latency } from './parts/latency.ts'
import { pool as poolSize, type Pool } from './parts/pool.ts'
import { chainBytes, type Throughput } from './parts/throughput.ts'

export interface Row {
  part: PartName
  what: string
  measured: string
  /** Empty where nothing was aimed at. */
  aim: string
  /** `met`, or by how much it was missed. */
  verdict: string
}

/** What a run has measured; parts that did not run are absent. */
export interface Results {
  throughput?: Throughput
  pool?: Pool
  latency?: Latency
  idle?: Idle[]
  backlog?: Backlog
}

export const aims = {
  ofFlow: 0.35,
  ofChain: 0.1,
  poolUsed: 0.95,
  addedP50Ms: 25,
  addedP99Ms: 100,
  idleCpu: 0.01,
  idleMb: 120,
  backlogMb: 250,
  /** What the memory of the last quarter may be above that of the second: sampling is not finer. */
  growth: 0.05,
}

export function rowsOf({ throughput, pool, latency, idle = [], backlog }: Results): Row[] {
  return [
    ...(throughput === undefined ? [] : throughputRows(throughput)),
    ...(pool === undefined ? [] : poolRows(pool)),
    ...(latency === undefined ? [] : latencyRows(latency)),
    ...idle.flatMap(idleRows),
    ...(backlog === undefined ? [] : backlogRows(backlog)),
  ]
}

const plain = (part: PartName, what: string, measured: string): Row => ({ part, what, measured, aim: '', verdict: '' })

const perSecond = (of: Figure): string => `${shown(of)} requests/s`

function throughputRows({ chain, flow, together, apart, cpuMs }: Throughput): Row[] {
  const best = together.median >= apart.median ? together : apart
  const { services, kafka, redis } = cpuMs
  return [
    plain('a', `bare relay, five hops, ${chainBytes} bytes`, perSecond(chain)),
    plain('a', "bare relay, the constellation's topics, messages and bytes", perSecond(flow)),
    plain('b', 'constellation, all services in one process', perSecond(together)),
    plain('b', 'constellation, a process for each service', perSecond(apart)),
    atLeast('b', 'constellation as a share of the second relay', best.median / flow.median, aims.ofFlow, 3),
    atLeast('b', 'constellation as a share of the first relay', best.median / chain.median, aims.ofChain, 3),
    plain(
      'b',
      'processor time for a request: services, Kafka, Redis',
      `${written(services, 2)} + ${written(kafka, 2)} + ${written(redis, 2)} ms`,
    ),
  ]
}

function poolRows({ leastMs, tookMs, used, most, pieceMs, bareMs, bareCount }: Pool): Row[] {
  const { concurrency, workMs, keys } = poolSize
  return [
    plain('c', `one partition, ${workMs} ms a message, ${keys} keys, concurrency ${concurrency}`, `${shown(tookMs)} ms`),
    atLeast('c', `the least time (${written(leastMs)} ms) as a share of it`, used.median, aims.poolUsed, 3),
    plain('c', 'most at work at once; a piece of work really took', `${most}; ${written(pieceMs, 1)} ms`),
    plain('c', `bare kafkajs for as many, reckoned from ${bareCount}`, `${written(bareMs)} ms`),
  ]
}

function latencyRows({ relay, constellation, added, count }: Latency): Row[] {
  const ms = (of: Figure): string => `${shown(of, 1)} ms`
  return [
    plain('d', `second relay at ${latencyRate} requests/s: p50, p90, p99 (${count} a round)`, all(relay, ms)),
    plain('d', `constellation at ${latencyRate} requests/s: p50, p90, p99`, all(constellation, ms)),
    atMost('d', 'added latency, p50', added.p50.median, aims.addedP50Ms, { unit: ' ms', digits: 1 }),
    plain('d', 'added latency, p90', ms(added.p90)),
    atMost('d', 'added latency, p99', added.p99.median, aims.addedP99Ms, { unit: ' ms', digits: 1 }),
  ]
}

const all = ({ p50, p90, p99 }: Latency['relay'], write: (of: Figure) => string): string => [p50, p90, p99].map(write).join(', ')

function idleRows({ service, rss, cpu }: Idle): Row[] {
  return [
    atMost('e', `${service} at rest, share of a core`, cpu * 100, aims.idleCpu * 100, { unit: ' %', digits: 2 }),
    atMost('e', `${service} at rest, resident memory`, rss, aims.idleMb, { unit: ' MB', digits: 0 }),
  ]
}

function backlogRows({ messages, perSecond, peak, early, late }: Backlog): Row[] {
  const growth = (late / early - 1) * 100
  return [
    plain('e', `a backlog of ${written(messages)} requests, triage alone`, `${written(perSecond)} messages/s`),
    atMost('e', 'its resident memory at most', peak, aims.backlogMb, { unit: ' MB', digits: 0 }),
    atMost('e', `its growth from ${written(early)} MB, second to last quarter`, growth, aims.growth * 100, {
      unit: ' %',
      digits: 1,
    }),
  ]
}

/** Met means: not below. */
export function atLeast(part: PartName, what: string, value: number, aim: number, digits: number): Row {
  const verdict = value >= aim ? 'met' : `missed: ${written((value / aim) * 100)} % of the aim`
  return { part, what, measured: written(value, digits), aim: `at least ${written(aim, 2)}`, verdict }
}

/** Met means: not above. */
export function atMost(
  part: PartName,
  what: string,
  value: number,
  aim: number,
  { unit, digits }: { unit: string; digits: number },
): Row {
  const verdict = value <= aim ? 'met' : `missed by ${written(value - aim, digits)}${unit}`
  return { part, what, measured: `${written(value, digits)}${unit}`, aim: `at most ${written(aim)}${unit}`, verdict }
}

/** The rows as a table of Markdown, its columns of one width. */
export function table(rows: readonly Row[]): string {
  const lines = [
    ['', 'what', 'measured', 'aim', ''],
    ...rows.map(({ part, what, measured, aim, verdict }) => [part, what, measured, aim, verdict]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (cells: readonly string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = lines.map(draw)
  return [head, draw(widths.map((width) => '-'.repeat(width))), ...body].join('\n')
}
