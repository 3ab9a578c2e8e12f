/** Reads which package of the workspace uses which, from package.json files and import statements. */

import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root: string = resolve(import.meta.dirname, '../..')

export interface Import {
  specifier: string
  /** `import type` or `export type`: gone when the code runs. */
  typeOnly: boolean
}

export interface SourceFile {
  path: string
  imports: Import[]
  /** Tests, and what only tests import. */
  forTests: boolean
}

export interface WorkspacePackage {
  name: string
  /** Relative to the root, for example `packages/store`. */
  folder: string
  dependencies: string[]
  devDependencies: string[]
  files: SourceFile[]
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

export function readWorkspace(): WorkspacePackage[] {
  const manifests = globSync(['packages/*/package.json', 'services/*/package.json'], { cwd: root })
  return manifests.toSorted().map((manifest) => readPackage(dirname(manifest)))
}

function readPackage(folder: string): WorkspacePackage {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
  return {
    name: manifest.name,
    folder,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
    files: globSync('**/*.ts', { cwd: join(root, folder), exclude: (name) => name === 'node_modules' }).map((path) =>
      readSource(join(folder, path)),
    ),
  }
}

function readSource(path: string): SourceFile {
  return { path, imports: importsOf(readFileSync(join(root, path), 'utf8')), forTests: isForTests(path) }
}

const isForTests = (path: string): boolean => /\.test\.ts$|[/\\]testing([-.\w]*\.ts|[/\\])|arbitrary\.ts$|vitest-setup/.test(path)

const STATEMENT = /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"$]+)['"]/gm
const EXPRESSION = /\bimport\(\s*['"]([^'"]+)['"]/g

/** Every module that a source names, also across lines. Comments are left out; `import('x')` counts as used at run time. */
export function importsOf(source: string): Import[] {
  const code = source.replace(/^\s*(\/\/|\/?\*).*$/gm, '')
  return [
    ...[...code.matchAll(STATEMENT)].map(([, type, specifier = '']) => ({ specifier, typeOnly: type !== undefined })),
    ...[...code.matchAll(EXPRESSION)].map(([, specifier = '']) => ({ specifier, typeOnly: false })),
  ]
}

/** The package that a specifier names; undefined for a file beside, and for what comes with Node. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Whether a relative import leads out of the package that it stands in. */
export function leavesPackage(folder: string, path: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return false
  return relative(folder, join(dirname(path), specifier)).startsWith('..')
}

/** The shortest way round, as names with the first one again at the end; undefined when there is none. */
export function findCycle(graph: Map<string, string[]>): string[] | undefined {
  const ways = [...graph.keys()].map((name) => [name])
  for (const way of ways) {
    for (const next of graph.get(way.at(-1) ?? '') ?? []) {
      if (next === way[0]) return [...way, next]
      if (!way.includes(next)) ways.push([...way, next])
    }
  }
  return undefined
}
