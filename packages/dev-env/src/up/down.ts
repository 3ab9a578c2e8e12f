/** `concord down`: ends exactly what `up` started, services before what they stand on. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { stopRecorded, type Recorded } from '../real/recorded.ts'
import { composeStop, type ComposePart } from './compose.ts'
import { alone } from './lock.ts'
import { folderOf, forgetRun, readRun, writeRun, type RunRecord } from './run-folder.ts'

export interface DownOptions {
  dir: string
  /** Ends only this replica, or the replicas of this service; the rest stays up. */
  only?: string
  /** Removes topics, schemas, cases and orders too. */
  wipe?: boolean
  tell(line: string): void
}

/** @returns what was ended, in that order */
export function down(options: DownOptions): Promise<string[]> {
  return alone(options.dir, options.tell, () => takeDown(options))
}

async function takeDown({ dir, only, wipe = false, tell }: DownOptions): Promise<string[]> {
  const record = await readRun(dir).catch(() => null)
  if (only !== undefined) return endOnly(dir, record, only)
  const ended: string[] = []
  for (const kind of ['services', 'helpers', 'parts'] as const) ended.push(...names(await stopRecorded(folderOf(dir, kind))))
  const composed = (record?.parts ?? []).filter(({ by }) => by === 'compose').map(({ name }) => name as ComposePart)
  if (composed.length > 0) {
    tell(`stopping ${composed.join(', ')} in Docker Compose`)
    await composeStop(composed)
  }
  await forgetRun(dir)
  if (wipe) await wipeData(dir)
  return [...ended, ...composed]
}

/** Each process of a part has a folder of its own, named after it. */
async function wipeData(dir: string): Promise<void> {
  const parts = folderOf(dir, 'parts')
  const names = await readdir(parts).catch(() => [])
  const data = names.filter((name) => name.endsWith('-data')).map((name) => join(parts, name))
  await Promise.all([...data, folderOf(dir, 'data')].map((folder) => rm(folder, { recursive: true, force: true })))
}

/** The rest stays up, and `up` starts it again. */
async function endOnly(dir: string, record: RunRecord | null, only: string): Promise<string[]> {
  const meant = record?.replicas.filter(({ name, service }) => only === name || only === service) ?? []
  if (record === null || meant.length === 0) {
    throw new Fault('not_found', `${only} is no service and no replica here.`, { mend: 'See ./concord up.' })
  }
  const ended = names(await stopRecorded(folderOf(dir, 'services'), (name) => meant.some((one) => one.name === name)))
  const replicas = record.replicas.map((one) => (ended.includes(one.name) ? { ...one, pid: null } : one))
  await writeRun(dir, { ...record, replicas })
  return ended
}

const names = (ended: readonly Recorded[]): string[] => ended.map(({ name }) => name).sort()
