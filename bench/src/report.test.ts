import { expect, test } from 'vitest'
import { figure } from './figures.ts'
import { shuffled } from './parts/pool.ts'
import { aims, rowsOf, table } from './report.ts'

const throughput = (constellation: number) => ({
  chain: figure([8_000]),
  flow: figure([2_000]),
  together: figure([constellation - 10]),
  apart: figure([constellation, constellation - 50, constellation + 50]),
  cpuMs: { services: 3, kafka: 0.5, redis: 0.4 },
})

test('the better way of running it is what the relays are compared with', () => {
  const [second, first] = rowsOf({ throughput: throughput(800) }).filter(({ aim }) => aim !== '')
  expect(second).toMatchObject({ part: 'b', measured: '0.400', aim: 'at least 0.35', verdict: 'met' })
  expect(first).toMatchObject({ measured: '0.100', aim: 'at least 0.10', verdict: 'met' })
})

test('what is missed says by how much', () => {
  const missed = rowsOf({
    throughput: throughput(350),
    idle: [{ service: 'triage', rss: 150.2, cpu: 0.0125 }],
    backlog: { messages: 100_000, perSecond: 900, peak: 260, early: 200, late: 220 },
  }).filter(({ verdict }) => verdict.startsWith('missed'))
  expect(missed.map(({ verdict }) => verdict)).toEqual([
    'missed: 50 % of the aim',
    'missed: 44 % of the aim',
    'missed by 0.25 %',
    'missed by 30 MB',
    'missed by 10 MB',
    'missed by 5.0 %',
  ])
})

test('every aim has its row', () => {
  const three = figure([1, 2, 3])
  const percentiles = { p50: three, p90: three, p99: three }
  const rows = rowsOf({
    throughput: throughput(800),
    pool: {
      leastMs: 5_000,
      tookMs: figure([5_100]),
      used: figure([0.98]),
      most: 100,
      pieceMs: 101,
      bareMs: 500_000,
      bareCount: 100,
    },
    latency: { relay: percentiles, constellation: percentiles, added: percentiles, count: 300 },
    idle: [{ service: 'triage', rss: 100, cpu: 0.005 }],
    backlog: { messages: 100_000, perSecond: 900, peak: 200, early: 190, late: 191 },
  })
  expect(rows.filter(({ aim }) => aim !== '')).toHaveLength(Object.keys(aims).length)
  expect(rows.every(({ aim, verdict }) => aim === '' || verdict === 'met')).toBe(true)
})

test('the table is Markdown with columns of one width', () => {
  const lines = table(rowsOf({ throughput: throughput(800) })).split('\n')
  expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  expect(lines[1]).toMatch(/^\| -+ \| -+ \| -+ \| -+ \| -+ \|$/)
})

test('the order of the pool’s messages is a shuffle, the same each time', () => {
  const order = shuffled(1_000)
  expect(order).toEqual(shuffled(1_000))
  expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, at) => at))
  expect(order.filter((number, at) => number === at).length).toBeLessThan(20)
})
