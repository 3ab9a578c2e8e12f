import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Fault } from '@concord/contracts'

const execute = promisify(execFile)

export interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Milliseconds; ten minutes unless told. */
  timeoutMs?: number
}

/** Runs a command to its end and returns what it wrote; a failure quotes the last lines. */
export async function run(command: string, args: string[], { cwd, env, timeoutMs = 600_000 }: RunOptions = {}): Promise<string> {
  try {
    const { stdout, stderr } = await execute(command, args, {
      cwd,
      env: env ?? process.env,
      timeout: timeoutMs,
      maxBuffer: 2 ** 26,
    })
    return stdout + stderr
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const output = stdout + stderr || String(error)
    throw new Fault('internal', `\`${[command, ...args].join(' ')}\` failed.\n${lastLines(output)}`, { cause: error })
  }
}

export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
