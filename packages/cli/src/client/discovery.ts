/** The file by which other commands find a constellation that runs embedded on this machine. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from '../settings.ts'

export interface Discovery {
  url: string
  /** Whoever can read the file may use the API. */
  token: string
  pid: number
}

const file = join(root, '.concord', 'embedded.json')

export async function writeDiscovery(discovery: Discovery): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(discovery)}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
}

export async function forgetDiscovery(): Promise<void> {
  await rm(file, { force: true })
}

/** @returns null when no file is there, or nobody answers at its address: a process that was killed leaves it behind. */
export async function readDiscovery(): Promise<Discovery | null> {
  try {
    const discovery = JSON.parse(await readFile(file, 'utf8')) as Discovery
    const headers = { authorization: `Bearer ${discovery.token}` }
    const response = await fetch(`${discovery.url}/alive`, { headers, signal: AbortSignal.timeout(2_000) })
    return response.ok ? discovery : null
  } catch {
    return null
  }
}
