import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const repositoryRoot: string = fileURLToPath(new URL('../../../../', import.meta.url))

/** Where downloaded parts are kept: `CONCORD_CACHE`, or `.cache/real` in the repository. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env['CONCORD_CACHE'] ?? join(repositoryRoot, '.cache', 'real')
}

/** Fills `directory` once: `fill` works beside it, and only a whole result takes the name, so an interrupted fill is made again. */
export async function fillOnce(directory: string, fill: (into: string) => Promise<void>): Promise<void> {
  if (existsSync(directory)) return
  await mkdir(dirname(directory), { recursive: true })
  const draft = await mkdtemp(`${directory}.`)
  try {
    await fill(draft)
    await rename(draft, directory)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(directory)) throw error // otherwise another process was first
  }
}
