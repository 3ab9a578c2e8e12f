import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { installRealParts } from './install.ts'
import { freePort, portAnswers } from './ports.ts'
import { startProcess, type RunningProcess } from './process.ts'

export interface PartOptions {
  /** Logs, pid files and data. Data that is there is kept. */
  dir: string
  /** Taken if free; else another one is. */
  port?: number
  /** Lives on after this process, until `stopRecorded(dir)`. */
  detached?: boolean
}

export interface RealPart extends RunningProcess {
  /** As the matching environment variable wants it. */
  readonly address: string
}

/** Starts Redis, which writes every change to its append-only file. The address is a `redis://` URL. */
export async function startRedis({ dir, port, detached = false }: PartOptions): Promise<RealPart> {
  await installRealParts()
  const data = join(dir, 'redis-data')
  await mkdir(data, { recursive: true })
  const chosen = await freePort(port)
  const settings = { bind: '127.0.0.1', port: String(chosen), dir: data, appendonly: 'yes', save: '', daemonize: 'no' }
  const running = await startProcess({
    name: 'redis',
    dir,
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    detached,
    ready: () => portAnswers(chosen, 'PING\r\n', '+PONG'),
  })
  return withAddress(running, `redis://127.0.0.1:${chosen}`)
}

export function withAddress(running: RunningProcess, address: string): RealPart {
  return {
    address,
    get pid() {
      return running.pid
    },
    stop: running.stop,
    restart: running.restart,
  }
}
