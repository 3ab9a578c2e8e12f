import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { identityOf } from './identity.ts'

/** A process that an earlier `startProcess` wrote down, and that still runs. */
export interface Recorded {
  name: string
  pid: number
}

const POLL_MS = 50
const STOP_MS = 15_000

/** Writes a process down: its id, and what tells it from a later one with the same id. */
export async function record(dir: string, name: string, pid: number): Promise<void> {
  await writeFile(pidFile(dir, name), `${pid}\n${await identityOf(pid)}\n`)
}

export async function forget(dir: string, name: string): Promise<void> {
  await rm(pidFile(dir, name), { force: true })
}

/** The processes written down in `dir` that still run. */
export async function listRecorded(dir: string): Promise<Recorded[]> {
  const found = await Promise.all((await pidFiles(dir)).map(readRecorded))
  return found.filter((recorded) => recorded !== undefined)
}

/**
 * Ends every process that was written down in `dir`, and only those, and forgets them; of these only the ones that are meant.
 * Returns those that still ran.
 */
export async function stopRecorded(dir: string, isMeant: (name: string) => boolean = () => true): Promise<Recorded[]> {
  const running = (await listRecorded(dir)).filter(({ name }) => isMeant(name))
  await Promise.all(running.map(({ pid }) => end(pid)))
  const files = (await pidFiles(dir)).filter((file) => isMeant(basename(file, '.pid')))
  await Promise.all(files.map((file) => rm(file, { force: true })))
  return running
}

const pidFile = (dir: string, name: string): string => join(dir, `${name}.pid`)

async function pidFiles(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => [])
  return names.filter((name) => name.endsWith('.pid')).map((name) => join(dir, name))
}

async function readRecorded(file: string): Promise<Recorded | undefined> {
  const [pid, identity] = (await readFile(file, 'utf8')).split('\n')
  if (identity === undefined || (await identityOf(Number(pid))) !== identity) return undefined
  return { name: basename(file, '.pid'), pid: Number(pid) }
}

async function end(pid: number): Promise<void> {
  const identity = await identityOf(pid)
  const isRunning = async () => identity !== undefined && (await identityOf(pid)) === identity
  signalTo(pid, 'SIGTERM')
  for (const late = performance.now() + STOP_MS; performance.now() < late;) {
    if (!(await isRunning())) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  if (await isRunning()) signalTo(pid, 'SIGKILL')
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended by itself
  }
}
