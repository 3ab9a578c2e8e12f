/** Dependencies point one way: services, runtime, messaging and model, store and telemetry, contracts. */

import { describe, expect, test } from 'vitest'
import { findCycle, importsOf, leavesPackage, packageOf, readWorkspace, type SourceFile } from './workspace.ts'

const ours = (name: string) => `@concord/${name}`
const foundation = ['contracts', 'store', 'telemetry']

/** What each package may use of the workspace when it runs. A new package is put here first. */
const allowed: Record<string, string[]> = {
  contracts: [],
  simulator: [], // speaks a public protocol, and knows nothing of us
  telemetry: ['contracts'],
  store: ['contracts'],
  testing: ['contracts'],
  agreement: ['contracts'],
  domain: ['contracts'],
  messaging: foundation,
  model: foundation,
  runtime: [...foundation, 'messaging', 'model'],
}
const forServices = ['contracts', 'agreement', 'domain', 'runtime']
/** What the runtime hands to a service; only its types are named there. */
const typesForServices = ['model', 'store', 'telemetry']

/** They put the whole together, so they may use all of it; nobody uses them. */
const tops = ['dev-env', 'cli']

const workspace = readWorkspace()
const names = new Set(workspace.map(({ name }) => name))
const isService = (folder: string) => folder.startsWith('services')

function mayUse(folder: string): string[] {
  const name = folder.split(/[/\\]/)[1] ?? ''
  if (name === 'cli') return [...names].filter((used) => used !== ours('cli'))
  if (name === 'dev-env') return [...names].filter((used) => !tops.map(ours).includes(used))
  return (isService(folder) ? [...forServices, ...typesForServices] : (allowed[name] ?? [])).map(ours)
}

test('the workspace is read', () => {
  expect(workspace.length).toBeGreaterThan(10)
  expect(workspace.flatMap(({ files }) => files.flatMap(({ imports }) => imports)).length).toBeGreaterThan(100)
})

test('every package has its place', () => {
  const placed = workspace.filter(({ folder }) => !isService(folder)).map(({ name }) => name)
  expect(placed.filter((name) => ![...Object.keys(allowed), ...tops].map(ours).includes(name))).toEqual([])
})

describe.each(workspace)('$name', ({ folder, name, dependencies, devDependencies, files }) => {
  const used = (file: SourceFile) =>
    file.imports.map(({ specifier }) => packageOf(specifier)).filter((found) => found !== undefined)
  const running = files.filter(({ forTests }) => !forTests)
  const fromRoot = ['vitest', 'fast-check'] // every package may test with them

  test('depends only on packages below it', () => {
    const workspaceDependencies = dependencies.filter((dependency) => names.has(dependency))
    expect(workspaceDependencies.filter((dependency) => !mayUse(folder).includes(dependency))).toEqual([])
  })

  test('imports only what its package.json names', () => {
    const undeclared = (file: SourceFile, declared: string[]) =>
      used(file)
        .filter((found) => found !== name && !declared.includes(found))
        .map((found) => `${file.path}: ${found}`)
    expect(running.flatMap((file) => undeclared(file, dependencies))).toEqual([])
    const testFiles = files.filter(({ forTests }) => forTests)
    expect(testFiles.flatMap((file) => undeclared(file, [...dependencies, ...devDependencies, ...fromRoot]))).toEqual([])
  })

  test('imports no file of another package by its path', () => {
    const leaving = files.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => leavesPackage(folder, path, specifier)).map(({ specifier }) => `${path}: ${specifier}`),
    )
    expect(leaving).toEqual([])
  })

  test('imports nothing that is for tests', () => {
    const testSupport = (specifier: string) => specifier === ours('testing') || specifier.endsWith('/testing')
    const found = running.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => testSupport(specifier)).map(({ specifier }) => `${path}: ${specifier}`),
    )
    expect(found).toEqual([])
  })
})

test('services run on what the runtime hands them', () => {
  const handed = new Set(typesForServices.map(ours))
  const found = workspace
    .filter(({ folder }) => isService(folder))
    .flatMap(({ files }) => files.filter(({ forTests }) => !forTests))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, typeOnly }) => !typeOnly && handed.has(packageOf(specifier) ?? ''))
        .map(({ specifier }) => `${path}: ${specifier}`),
    )
  expect(found).toEqual([])
})

test('no package depends on itself by a detour', () => {
  const graph = workspace.map(({ name, dependencies }): [string, string[]] => [
    name,
    dependencies.filter((used) => names.has(used)),
  ])
  expect(findCycle(new Map(graph))).toBeUndefined()
})

test('a cycle is found', () => {
  const graph = new Map(Object.entries({ a: ['b'], b: ['c'], c: ['b'] }))
  expect(findCycle(graph)).toEqual(['b', 'c', 'b'])
})

test('imports are read from every form of statement', () => {
  const source = `
    import type { A } from '@concord/a'
    import { B,
      type C } from "@concord/b/testing"
    import 'c'
    export { D } from './d.ts'
    // import { E } from 'e'
    const f = await import('node:f')
    const text = "from 'g'"
  `
  expect(importsOf(source)).toEqual([
    { specifier: '@concord/a', typeOnly: true },
    { specifier: '@concord/b/testing', typeOnly: false },
    { specifier: 'c', typeOnly: false },
    { specifier: './d.ts', typeOnly: false },
    { specifier: 'node:f', typeOnly: false },
  ])
})

test.each([
  ['@concord/store/testing', '@concord/store'],
  ['kafkajs/src/network', 'kafkajs'],
  ['node:fs', undefined],
  ['./store.ts', undefined],
])('%s is of package %s', (specifier, found) => {
  expect(packageOf(specifier)).toBe(found)
})
