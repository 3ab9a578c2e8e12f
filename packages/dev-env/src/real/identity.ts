import { readFile } from 'node:fs/promises'
import { run } from './run.ts'

/**
 * When the process with this id started, in words of the system's own; undefined when there is none. Process ids are used again:
 * with the start beside it, one that was written down is never taken for another.
 */
export async function identityOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return process.platform === 'linux' ? undefined : startTimeFromPs(pid)
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? undefined : fields[18] // field 22 of proc(5): the start in clock ticks after boot
}

async function startTimeFromPs(pid: number): Promise<string | undefined> {
  const text = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => '')
  return text.trim() || undefined
}
