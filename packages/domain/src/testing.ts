/** For tests: a tiny domain of another trade than any that is shipped, and a way to break it. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A library that lends books: five intents, three actions, three articles. */
export const libraryFolder = new URL('../fixtures/library', import.meta.url).pathname

/** Files by path; null removes one. */
export type DomainChanges = Readonly<Record<string, string | null>>

/** A copy of a domain with these files put in its place; it is removed when disposed of. */
export interface WrittenDomain extends AsyncDisposable {
  folder: string
}

export async function writeDomain(changes: DomainChanges, from: string | null = libraryFolder): Promise<WrittenDomain> {
  const folder = await mkdtemp(join(tmpdir(), 'concord-domain-'))
  if (from !== null) await cp(from, folder, { recursive: true })
  for (const [path, text] of Object.entries(changes)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await (text === null ? rm(file) : writeFile(file, text))
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
