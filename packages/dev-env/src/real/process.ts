import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { forget, record } from './recorded.ts'
import { lastLines } from './run.ts'

export interface Launch {
  /** Names the log and the pid file in `dir`. */
  name: string
  dir: string
  command: string
  args: string[]
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Lives on after this process, until `stopRecorded`; otherwise it ends with this process. */
  detached?: boolean
  /** Asked again and again until true. `log` is what this start has written. */
  ready(log: string): Promise<boolean>
  /** Milliseconds until ready; a minute unless told. */
  timeoutMs?: number
}

export interface RunningProcess {
  readonly pid: number
  /** Resolves when the process has ended. SIGTERM unless told, and SIGKILL for one that is not gone after 15 s. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Stops what still runs and starts the same again, on the same data. */
  restart(): Promise<void>
}

const POLL_MS = 50
const STOP_MS = 15_000

/** Starts a process and waits until it is ready. One that ends or stays silent before that is an error with the end of its log. */
export async function startProcess(launch: Launch): Promise<RunningProcess> {
  let child = await start(launch)
  return {
    get pid() {
      return child.pid ?? 0
    },
    stop: (signal) => stop(launch, child, signal),
    async restart() {
      await stop(launch, child)
      child = await start(launch)
    },
  }
}

async function start(launch: Launch): Promise<ChildProcess> {
  mkdirSync(launch.dir, { recursive: true })
  const logFile = join(launch.dir, `${launch.name}.log`)
  const log = openSync(logFile, 'a')
  const logStart = statSync(logFile).size
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env ?? process.env,
    detached: launch.detached ?? false,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const failed = new Promise<Error>((resolve) => child.once('error', resolve))
  const readLog = () => readFileSync(logFile).subarray(logStart).toString()

  try {
    if (child.pid !== undefined) await record(launch.dir, launch.name, child.pid)
    await untilReady(launch, child, readLog, failed)
  } catch (error) {
    child.kill('SIGKILL')
    await forget(launch.dir, launch.name)
    throw error
  }
  if (launch.detached) child.unref()
  else endWithThisProcess(child)
  return child
}

async function untilReady(launch: Launch, child: ChildProcess, readLog: () => string, failed: Promise<Error>): Promise<void> {
  const end = performance.now() + (launch.timeoutMs ?? 60_000)
  let error: Error | undefined
  void failed.then((reason) => (error = reason))
  while (performance.now() < end) {
    if (error !== undefined) throw notStarted(launch, `could not be started: ${error.message}`, '')
    if (hasEnded(child)) throw notStarted(launch, `ended with ${child.exitCode ?? child.signalCode} at start`, readLog())
    if (await launch.ready(readLog())) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw notStarted(launch, `was not ready in ${launch.timeoutMs ?? 60_000} ms`, readLog())
}

function notStarted({ name, dir }: Launch, what: string, log: string): Fault {
  return new Fault('internal', `${name} ${what}. The end of ${join(dir, `${name}.log`)}:\n${lastLines(log)}`)
}

async function stop(launch: Launch, child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!hasEnded(child)) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(timer)
  }
  await forget(launch.dir, launch.name)
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

function endWithThisProcess(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}
