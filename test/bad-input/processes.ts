/** Runs a service or the CLI as a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from '../e2e/world.ts'

export interface Ran {
  code: number
  said: string
}

export interface RunningProcess {
  said(): string
  /** Resolves when it has ended by itself. */
  ended: Promise<Ran>
}

/** @param file relative to the root. The environment holds nothing but `env`. */
export function start(file: string, args: string[], env: Record<string, string>): RunningProcess {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (bytes) => (text += String(bytes)))
  child.stderr.on('data', (bytes) => (text += String(bytes)))
  return { said: () => text, ended: once(child, 'close').then(([code]) => ({ code: Number(code), said: text })) }
}

export const cli = (...args: string[]): Promise<Ran> => start('packages/cli/src/main.ts', args, {}).ended

export const service = (name: string, env: Record<string, string>): RunningProcess =>
  start(`services/${name}/src/main.ts`, [], env)

/** Nobody listens there. */
export const away = { KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' }
