import { createMetrics } from '@concord/telemetry'
import { expect, test } from 'vitest'
import { figuresOf, readFigures } from './figures.ts'

test('the figures are read as a service writes them', async () => {
  const metrics = createMetrics('triage')
  metrics.inFlight.set(4)
  metrics.inFlightLimit.set(32)
  metrics.queued.set(7)
  metrics.waiting.set(2)
  metrics.paused.set(1)
  metrics.rebalances.inc(3)
  metrics.commits.inc(10)
  metrics.commitFailures.inc(1)
  metrics.commitDuration.observe(0.25)
  metrics.commitDuration.observe(0.5)
  metrics.oldest.set({ topic: 'a', partition: '0' }, 1.5)
  metrics.oldest.set({ topic: 'b', partition: '0' }, 2.5)
  expect(readFigures(await metrics.registry.metrics())).toEqual({
    service: 'triage',
    inFlight: 4,
    limit: 32,
    queued: 7,
    waiting: 2,
    paused: 1,
    rebalances: 3,
    commits: 10,
    commitFailures: 1,
    commitSeconds: 0.75,
    oldestIncompleteSeconds: 2.5,
  })
})

test('a page of somebody else is none of a service', () => {
  expect(figuresOf(['', '<html>', 'up{job="x"} 1\n', 'concord_odd 1'])).toEqual([])
})
