/** Alerts and the dashboard ask for what the services say: every figure and label that they name is one. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createMetrics } from '@concord/telemetry'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Kept {
  name: string
  type: string
  labelNames: string[]
}
const kept = createMetrics('x').registry.getMetricsAsArray() as unknown as Kept[]
/** A histogram is asked for by its parts. */
const parts = ({ name, type }: Kept): string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]
const labelsOf = new Map(kept.flatMap((one) => parts(one).map((name) => [name, [...one.labelNames, 'service', 'le']])))

const alerts = parse(read('infra/prometheus/alerts.yml')) as {
  groups: { rules: { alert: string; expr: string; labels: { severity: string }; annotations: Record<string, string> }[] }[]
}
const dashboard = JSON.parse(read('infra/grafana/concord.json')) as {
  panels: { id: number; title: string; description: string; targets: { expr: string; legendFormat: string }[] }[]
}
const rules = alerts.groups.flatMap((group) => group.rules)
const asked: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
]

test.each(asked)('%s asks for figures and labels that there are: %s', (_, expr) => {
  const figures = expr.match(/concord_\w+/g) ?? []
  expect(figures.length).toBeGreaterThan(0)
  expect(figures.filter((name) => !labelsOf.has(name))).toEqual([])
  const labels = [...expr.matchAll(/by \(([^)]*)\)|\{(\w+)=/g)].flatMap(([, by, one]) => (by ?? one ?? '').split(/, */))
  const known = figures.flatMap((name) => labelsOf.get(name) ?? [])
  expect(labels.filter((label) => !known.includes(label))).toEqual([])
})

test('every alert says how bad it is, what it means and where to look', () => {
  expect(rules.length).toBeGreaterThan(5)
  for (const { alert, labels, annotations } of rules) {
    expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)])
    expect(Object.keys(annotations)).toEqual(['summary', 'look'])
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
})

test('Prometheus loads the alerts', () => {
  const { rule_files } = parse(read('infra/prometheus/prometheus.yml')) as { rule_files: string[] }
  expect(rule_files).toEqual(['alerts.yml'])
  expect(read('docker-compose.yml')).toContain('./infra/prometheus/alerts.yml:/etc/prometheus/alerts.yml:ro')
})

test('every panel has a place of its own and says what it shows', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  for (const { description, targets } of dashboard.panels) {
    expect(description).toMatch(/\.$/)
    expect(targets.every(({ legendFormat }) => legendFormat.includes('{{'))).toBe(true)
  }
})
