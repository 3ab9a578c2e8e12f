/** What a process of this machine uses, from Linux' /proc. */
import { readFileSync } from 'node:fs'

export interface Usage {
  /** Resident memory in megabytes (10⁶ bytes). */
  rss: number
  /** Processor time so far, in milliseconds. */
  cpuMs: number
}

/** Ticks a second in which Linux counts processor time for users. */
const ticks = 100

export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN)
  return { rss: (kilobytes * 1_024) / 1e6, cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticks } // utime, stime
}

/** Processor time that these processes use during the work. Milliseconds, by name. */
export async function cpuDuring<K extends string, T>(
  pids: Readonly<Record<K, readonly number[]>>,
  work: () => Promise<T>,
): Promise<{ result: T; cpuMs: Record<K, number> }> {
  const sum = (of: readonly number[]): number => of.reduce((total, pid) => total + usageOf(pid).cpuMs, 0)
  const names = Object.keys(pids) as K[]
  const before = names.map((name) => sum(pids[name]))
  const result = await work()
  const after = names.map((name, at) => [name, sum(pids[name]) - (before[at] ?? 0)] as const)
  return { result, cpuMs: Object.fromEntries(after) as Record<K, number> }
}
