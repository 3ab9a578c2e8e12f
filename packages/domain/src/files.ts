/** The files of a domain folder as text: read once, so that what is checked, hashed and used is the same. */
import { contentHash, Fault } from '@concord/contracts'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Text by path within the folder, `/`-separated and sorted. */
export type DomainFiles = ReadonlyMap<string, string>

const single = ['domain.yaml', 'intents.yaml', 'vocabulary.yaml', 'actions.yaml', 'tools.yaml', 'samples.yaml']
const many: readonly { folder: string; ending: string }[] = [
  { folder: 'articles', ending: '.md' },
  { folder: 'rules', ending: '.yaml' },
  { folder: 'prompts', ending: '.md' },
]

/** @throws Fault `invalid_domain` when the folder cannot be read. */
export async function readDomainFiles(folder: string): Promise<DomainFiles> {
  await mustBeFolder(folder)
  const nested = await Promise.all(many.map(({ folder: sub, ending }) => namesIn(folder, sub, ending)))
  const paths = [...single, ...nested.flat()].sort()
  const texts = await Promise.all(paths.map((path) => readText(join(folder, path))))
  return new Map(paths.flatMap((path, at) => (texts[at] === null ? [] : [[path, texts[at]!] as const])))
}

/** Changes when any file that the domain reads changes. */
export function hashOf(files: DomainFiles): string {
  return contentHash([...files])
}

async function mustBeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null)
  if (found?.isDirectory() !== true) {
    throw new Fault('invalid_domain', `${folder} is no folder.`, {
      mend: 'Set CONCORD_DOMAIN to a domain folder, such as domains/shop.',
    })
  }
}

async function namesIn(folder: string, sub: string, ending: string): Promise<string[]> {
  const names = await readdir(join(folder, sub)).catch((error: unknown) => (isAbsent(error) ? [] : Promise.reject(error)))
  return names.filter((name) => name.endsWith(ending)).map((name) => `${sub}/${name}`)
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => (isAbsent(error) ? null : Promise.reject(error)))
}

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'
