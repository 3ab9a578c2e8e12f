/** Processes of their own for what is measured, so that it shares no event loop with what measures it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '@concord/contracts'
import type { ServiceName } from '@concord/dev-env'
import { serviceNodeOptions } from '@concord/dev-env/up'
import type { HostOptions } from './host-options.ts'

export type WorkerName = 'relay' | 'host' | 'pool'

export interface Worker {
  readonly pid: number
  /** Resolves with the next message that the worker sends. Rejects when it ends before. */
  next(): Promise<unknown>
  /** SIGTERM, and SIGKILL for one that is not gone after 15 s. */
  stop(): Promise<void>
}

/** A process for one service, with the options of Node that services run with. */
export function startServiceHost(options: Omit<HostOptions, 'services'> & { service: ServiceName }): Promise<Worker> {
  const { service, ...rest } = options
  return startWorker('host', { ...rest, services: [service] } satisfies HostOptions, serviceNodeOptions)
}

/** Starts `workers/<name>.ts` with these options, and resolves when it says that it is ready. Its output is ours. */
export async function startWorker(name: WorkerName, options: object, nodeOptions: readonly string[] = []): Promise<Worker> {
  const file = fileURLToPath(new URL(`../workers/${name}.ts`, import.meta.url))
  const child = fork(file, [JSON.stringify(options)], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...nodeOptions, '--disable-warning=TimeoutNegativeWarning'], // bare kafkajs brings it about on Node 24
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const worker: Worker = {
    pid: child.pid ?? 0,
    async next() {
      const ended = once(child, 'exit').then(([code]) => {
        throw new Fault('internal', `the worker ${name} has ended with ${String(code)}.`)
      })
      const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
      return message
    },
    async stop() {
      process.off('exit', kill)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(kill, 15_000)
      await ended
      clearTimeout(timer)
    },
  }
  await worker.next()
  return worker
}
