/** One `up` or `down` at a time for each run folder. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault, systemClock } from '@concord/contracts'
import { identityOf } from '../real/identity.ts'

const pollMs = 100
/** Longer than anybody's `up` takes. */
const mostMs = 300_000

/** Runs `work` once nobody else is at work in the folder. A process that died at work holds up nobody. */
export async function alone<T>(dir: string, tell: (line: string) => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true })
  const file = join(dir, 'lock')
  const mine = `${process.pid}\n${await identityOf(process.pid)}\n`
  const end = performance.now() + mostMs
  for (let told = false; !(await take(file, mine)); told = true) {
    const holder = await holderOf(file)
    if (holder === null) await rm(file, { force: true })
    else if (performance.now() > end) throw new Fault('aborted', `process ${holder} is still at work in ${dir}.`)
    else {
      if (!told) tell(`waiting for process ${holder}, which is at work here`)
      await systemClock.sleep(pollMs)
    }
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

/** A link appears with its content in one step: nobody reads half of a lock and takes its holder for dead. */
async function take(file: string, mine: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, mine)
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** @returns null when the process that took the lock has ended */
async function holderOf(file: string): Promise<number | null> {
  const [pid = '', identity = ''] = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  return identity !== '' && (await identityOf(Number(pid))) === identity ? Number(pid) : null
}
