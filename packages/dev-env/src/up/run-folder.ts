/** The folder in which `concord up` keeps what it started: logs, ids, data, and `up.json`, by which other commands find it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { z } from 'zod'
import { repositoryRoot } from '../real/cache.ts'
import { serviceNames } from '../roster.ts'

export const partNames = ['kafka', 'registry', 'redis', 'model', 'backend'] as const
export type PartName = (typeof partNames)[number]

/** What the services stand on, and who runs it: `given` is somebody else's and is left alone. */
const Part = z.object({
  name: z.enum(partNames),
  by: z.enum(['given', 'compose', 'native']),
  address: z.string(),
})
export type Part = z.infer<typeof Part>

const Replica = z.object({
  /** `triage-0`. */
  name: z.string(),
  service: z.enum(serviceNames),
  /** Null where it was ended or has not started. */
  pid: z.int().nullable(),
  /** Of its health server, on the loopback interface. */
  port: z.int(),
  log: z.string(),
})
export type Replica = z.infer<typeof Replica>

export const RunRecord = z.object({
  startedAt: z.string(),
  parts: z.array(Part),
  /** What every service gets in its environment; never a key of a model. */
  env: z.record(z.string(), z.string()),
  replicas: z.array(Replica),
})
export type RunRecord = z.infer<typeof RunRecord>

/** `CONCORD_RUN`, or `.concord/run` in the repository. */
export function runFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['CONCORD_RUN'] || join(repositoryRoot, '.concord', 'run')
}

/** Where processes of a kind leave their logs and ids: services end before what they stand on. */
export const folderOf = (dir: string, kind: 'services' | 'helpers' | 'parts' | 'data'): string => join(dir, kind)

const recordFile = (dir: string): string => join(dir, 'up.json')

/** @returns null when nothing is up. */
export async function readRun(dir: string): Promise<RunRecord | null> {
  const text = await readFile(recordFile(dir), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return RunRecord.parse(JSON.parse(text))
  } catch (cause) {
    throw new Fault('invalid_config', `${recordFile(dir)} cannot be read.`, { mend: 'Run ./concord down.', cause })
  }
}

/** Addresses may hold passwords, so only the owner may read it. A reader never sees half of it. */
export async function writeRun(dir: string, record: RunRecord): Promise<void> {
  await mkdir(dir, { recursive: true })
  const draft = `${recordFile(dir)}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, recordFile(dir))
}

export async function forgetRun(dir: string): Promise<void> {
  await rm(recordFile(dir), { force: true })
}
