import { readRun, runFolder } from '@concord/dev-env/up'
import { figuresOf, type Figures } from './figures.ts'

const timeoutMs = 2_000

/** What the replicas say that `up` has started from this folder; those that do not answer in time are left out. */
export async function scrapeReplicas(folder: string = runFolder()): Promise<Figures[]> {
  const run = await readRun(folder)
  const pages = await Promise.all((run?.replicas ?? []).map(({ port }) => pageOf(`http://127.0.0.1:${port}/metrics`)))
  return figuresOf(pages.filter((page) => page !== null))
}

async function pageOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    return response.ok ? await response.text() : null
  } catch {
    return null
  }
}
