/** The pages below docs/ list what is there: decisions, metrics, invariants with their tests, the files and functions of a domain. */

import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { createMetrics } from '@concord/telemetry'
import { expect, test } from 'vitest'
import { fileLinks, firstColumn, read, root } from './markdown.ts'

const decisions = globSync('docs/adr/[0-9]*.md', { cwd: root }).map((path) => basename(path))

test('the index lists every decision, by its title', () => {
  const index = read('docs/adr/README.md')
  const listed = [...index.matchAll(/^- \[(.+)\]\((.+)\)$/gm)].map(([, title, file]) => ({ title, file }))
  const titled = decisions.toSorted().map((file) => ({ title: /^# (.+)$/m.exec(read(`docs/adr/${file}`))?.[1], file }))
  expect(listed).toEqual(titled)
})

test.each(decisions)('%s has its four parts, on one page', (file) => {
  const text = read(`docs/adr/${file}`)
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, part]) => part)).toEqual(['Status', 'Problem', 'Decision', 'Consequences'])
  expect(text.split('\n').length).toBeLessThan(70)
})

test('the table of metrics is the registry: names, kinds and labels', async () => {
  const shown = [...read('docs/operations.md').matchAll(/^\| `(concord_\w+)` +\| (\w+) +\| ([\w, ]*?) *\|/gm)]
  const { registry } = createMetrics('docs')
  const kept = registry.getMetricsAsArray() as unknown as { name: string; type: string; labelNames: string[] }[]
  const row = (name: string, type: string, labels: string[]) =>
    `${name} ${type} ${labels.filter((label) => label !== '').join(',')}`
  expect(shown.map(([, name = '', type = '', labels = '']) => row(name, type, labels.split(/, /))).toSorted()).toEqual(
    kept.map(({ name, type, labelNames }) => row(name, type, labelNames)).toSorted(),
  )
})

const invariants = read('docs/invariants.md').split(/^## /m).slice(1)

test('there are twelve invariants in their order', () => {
  expect(invariants.map((text) => Number.parseInt(text))).toEqual(Array.from({ length: 12 }, (_, at) => at + 1))
})

test.each(invariants)('%s names a test', (text) => {
  const [, tried = ''] = text.split('Tried: ')
  expect(fileLinks(tried).filter((link) => link.endsWith('.test.ts')).length).toBeGreaterThan(0)
})

test('the page on domains lists every file, variable and function', () => {
  const page = read('docs/domain.md')
  const files = [...read('packages/domain/src/format.ts').matchAll(/`([a-z]+\.yaml|[a-z]+\/\*\.(?:md|yaml))`/g)].map(
    ([, file = '']) => file,
  )
  expect(files.length).toBeGreaterThan(7)
  const rows = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell)
  expect(files.filter((file) => !rows.includes(file))).toEqual([])

  const [, variables = ''] = /baseVariables = \[(.*?)\]/.exec(read('packages/domain/src/expressions.ts')) ?? []
  const names = [...variables.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)
  expect(firstColumn(page, 'Expressions')).toEqual(expect.arrayContaining(names))

  const added = [...read('packages/domain/src/cel-environment.ts').matchAll(/registerFunction\('(\w+)\(/g)].map(
    ([, name = '']) => name,
  )
  expect(added.length).toBeGreaterThan(8)
  expect(added.filter((name) => !page.includes(`\`${name}(`))).toEqual([])
})
