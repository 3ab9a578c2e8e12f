/** Copies of the sources with one bug in each, and the search for a seed that finds it. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '../..')
const folder = join(import.meta.dirname, 'mutations')
const run = promisify(execFile)

/** A bug, as the difference that it makes to the sources. */
export interface Mutation {
  name: string
  /** A sentence. */
  says: string
  file: string
}

export interface Found {
  seed: number
  invariant: string
  what: string
}

/** Of each file the first line says what the bug is. */
export async function listMutations(): Promise<Mutation[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.patch')).sort()
  return Promise.all(
    files.map(async (name) => {
      const file = join(folder, name)
      const [says = ''] = (await readFile(file, 'utf8')).split('\n')
      return { name: basename(name, '.patch'), says, file }
    }),
  )
}

/** All that a run needs. Packages are linked, so what they import of each other is the copy's own. */
const parts = [
  'packages',
  'services',
  'domains',
  'schemas',
  'test/simulation',
  'test/node_modules',
  'test/package.json',
  'package.json',
]

/** Copies the sources, applies the bug, and calls `use` with the copy's folder, which is gone afterwards. @throws Error where the bug no longer fits. */
export async function withMutant<T>({ name, file }: Mutation, use: (folder: string) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), `mutant-${name}-`))
  try {
    await mkdir(join(copy, 'test'))
    await Promise.all(parts.map((part) => cp(join(root, part), join(copy, part), { recursive: true, verbatimSymlinks: true })))
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
    await apply(name, file, copy)
    return await use(copy)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** Whether the bug can be put into the sources as they are. */
export async function fits({ file }: Mutation): Promise<boolean> {
  return run('git', ['apply', '--check', file], { cwd: root }).then(
    () => true,
    () => false,
  )
}

async function apply(name: string, file: string, copy: string): Promise<void> {
  try {
    await run('git', ['apply', '--whitespace=nowarn', file], { cwd: copy })
  } catch (cause) {
    throw new Error(`the mutation ${name} does not fit the sources any more. Make its patch anew: ${file}`, { cause })
  }
}

export interface HuntOptions {
  from: number
  seeds: number
  workers: number
}

/** @returns the first violation that a run in this folder meets, or null. @throws Error where a run fails by itself. */
export async function hunt(copy: string, { from, seeds, workers }: HuntOptions): Promise<Found | null> {
  const main = join(copy, 'test', 'simulation', 'main.ts')
  const args = ['--until-found', '--from', from, '--seeds', seeds, '--workers', workers].map(String)
  const { stdout, stderr, code } = await outputOf([main, ...args])
  const [, seed, invariant = '', what = ''] = /^seed (\d+) VIOLATION (.*?): (.*)$/m.exec(stdout) ?? []
  if (seed !== undefined) return { seed: Number(seed), invariant, what }
  if (code !== 0) throw new Error(`the simulation itself has failed (${code}): ${stderr.slice(-2_000)}`)
  return null
}

/** Whether the sources as they are pass the seed: else it says nothing about the bug. */
export async function isCleanHere(seed: number): Promise<boolean> {
  const { code } = await outputOf([join(import.meta.dirname, 'main.ts'), '--seed', String(seed)])
  return code === 0
}

interface Output {
  code: number
  stdout: string
  stderr: string
}

async function outputOf(args: readonly string[]): Promise<Output> {
  try {
    return { code: 0, ...(await run(process.execPath, [...args], { maxBuffer: 2 ** 28 })) }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as Partial<Output>
    return { code: typeof code === 'number' ? code : -1, stdout, stderr }
  }
}
