/** `concord down`: ends exactly what `up` started, services before what they stand on. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stopRecorded, type Recorded } from '../real/recorded.ts'
import { composeStop, type ComposePart } from './compose.ts'
import { folderOf, forgetRun, readRun, writeRun } from './run-folder.ts'

export interface DownOptions {
  dir: string
  /** Ends only this replica, or the replicas of this service; the rest stays up. */
  only?: string
  /** Removes topics, schemas, cases and orders too. */
  wipe?: boolean
  tell(line: string): void
}

/** @returns what was ended, in that order */
export async function down({ dir, only, wipe = false, tell }: DownOptions): Promise<string[]> {
  const record = await readRun(dir).catch(() => null)
  if (only !== undefined) {
    const meant = new Set(
      record?.replicas.filter(({ name, service }) => only === name || only === service).map(({ name }) => name),
    )
    const ended = names(await stopRecorded(folderOf(dir, 'services'), (name) => meant.has(name)))
    if (record !== null) {
      const replicas = record.replicas.map((one) => (ended.includes(one.name) ? { ...one, pid: null } : one))
      await writeRun(dir, { ...record, replicas })
    }
    return ended
  }
  const ended: string[] = []
  for (const kind of ['services', 'helpers', 'parts'] as const) ended.push(...names(await stopRecorded(folderOf(dir, kind))))
  const composed = (record?.parts ?? []).filter(({ by }) => by === 'compose').map(({ name }) => name as ComposePart)
  if (composed.length > 0) {
    tell(`stopping ${composed.join(', ')} in Docker Compose`)
    await composeStop(composed)
  }
  await forgetRun(dir)
  if (wipe) {
    await Promise.all(
      ['kafka-data', 'registry-data', 'redis-data'].map((data) =>
        rm(join(folderOf(dir, 'parts'), data), { recursive: true, force: true }),
      ),
    )
    await rm(folderOf(dir, 'data'), { recursive: true, force: true })
  }
  return [...ended, ...composed]
}

const names = (ended: readonly Recorded[]): string[] => ended.map(({ name }) => name).sort()
