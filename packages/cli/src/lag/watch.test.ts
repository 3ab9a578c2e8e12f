import { Fault } from '@concord/contracts'
import { createVirtualClock } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { painter, type Terminal } from '../terminal.ts'
import type { LagReport } from './report.ts'
import { watchLag } from './watch.ts'

const report: LagReport = { at: 0, lag: 0, agents: [], partitions: [] }

function scene(terminal: Partial<Terminal> = {}, lag: () => Promise<LagReport> = async () => report, json = false) {
  const clock = createVirtualClock()
  const written: string[] = []
  const ended = new AbortController()
  const screen = { write: (text: string) => void written.push(text), ...terminal }
  const options = { lag, clock, terminal: screen, paint: painter(false), signal: ended.signal, json, all: false }
  const done = watchLag(options)
  onTestFinished(() => ended.abort())
  return { clock, written, ended, done }
}

test('on a terminal each page takes the place of the one before, and the cursor comes back at the end', async () => {
  const { clock, written, ended, done } = scene({ isTTY: true, columns: 120, rows: 40 })
  await clock.advance(2_500)
  ended.abort()
  await done
  expect(written).toHaveLength(3)
  expect(written[0]?.startsWith('\u001b[?25l\u001b[2J\u001b[H')).toBe(true)
  expect(written[1]?.startsWith('\u001b[H')).toBe(true)
  expect(written[1]).not.toContain('\u001b[2J')
  expect(written.at(-1)).toBe('\u001b[?25h')
})

test('anywhere else the pages follow each other, without codes', async () => {
  const { clock, written, ended, done } = scene()
  await clock.advance(2_500)
  ended.abort()
  await done
  expect(written).toHaveLength(2)
  expect(written.join('')).not.toContain('\u001b')
})

test('as JSON each time is a line', async () => {
  const { clock, written, ended, done } = scene({}, async () => report, true)
  await clock.advance(4_500)
  ended.abort()
  await done
  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([report, report, report])
})

test('a broker that is away is said, and asked again', async () => {
  let asked = 0
  const { clock, written } = scene({}, async () => {
    if (asked++ === 0) throw new Fault('broker_unavailable', 'nobody answers.')
    return report
  })
  await clock.advance(2_500)
  expect(written[0]).toContain('broker_unavailable: nobody answers.')
  expect(written[1]).toContain('0 records to be handled')
})

test('it ends also while nothing is answered', async () => {
  const { ended, done, clock } = scene({ isTTY: true }, () => new Promise(() => undefined))
  await clock.advance(100)
  ended.abort()
  await done
})
