import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('services in one process count apart', async () => {
  const [triage, policy] = [createMetrics('triage'), createMetrics('policy')]
  triage.handled.inc({ topic: 'a' })
  expect(await triage.registry.metrics()).toContain('concord_messages_handled_total{topic="a",service="triage"} 1')
  expect(await policy.registry.metrics()).not.toContain('topic="a"')
})

test('names follow the convention: a prefix, base units, and a suffix that says the kind', async () => {
  const figures = await createMetrics('x').registry.getMetricsAsJSON()
  for (const { name, type, help } of figures) {
    expect(name).toMatch(/^concord_[a-z_]+$/)
    expect(help).toMatch(/\.$/)
    expect(name.endsWith('_total'), name).toBe(String(type) === 'counter')
    if (String(type) === 'histogram') expect(name).toMatch(/_seconds$/)
    expect(name).not.toMatch(/_(ms|millis|milliseconds|minutes)\b/)
  }
})
