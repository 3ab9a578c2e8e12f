/** Every replica of every service as a process of its own. */
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { repositoryRoot } from '../real/cache.ts'
import { freePort } from '../real/ports.ts'
import { startProcess } from '../real/process.ts'
import { serviceNames, type ServiceName } from '../roster.ts'
import { serviceNodeOptions } from './node-options.ts'
import { folderOf, type Replica } from './run-folder.ts'

/** Replicas by service. */
export type Scale = Partial<Record<ServiceName, number>>

/** Below the ports that the system hands out for connections, so that none is taken between choice and use. */
const firstPort = 4100
/** Twelve processes that load at once on a small machine. Milliseconds. */
const readyMs = 180_000

/**
 * What is to run: the replicas of before, more or fewer where `scale` says so, one of each where nothing ever did.
 * Health ports are kept; new replicas have none yet (0).
 */
export function planReplicas(before: readonly Replica[], scale: Scale, dir: string): { keep: Replica[]; drop: Replica[] } {
  const wanted = serviceNames.flatMap((service) => {
    const old = before.filter((replica) => replica.service === service)
    const count = scale[service] ?? (before.length === 0 ? 1 : old.length)
    return Array.from({ length: count }, (_, number): Replica => {
      const name = `${service}-${number}`
      const log = join(folderOf(dir, 'services'), `${name}.log`)
      return old.find((replica) => replica.name === name) ?? { name, service, pid: null, port: 0, log }
    })
  })
  const names = new Set(wanted.map(({ name }) => name))
  return { keep: wanted, drop: before.filter(({ name }) => !names.has(name)) }
}

/** Gives every replica without a health port one of its own. */
export async function choosePorts(replicas: readonly Replica[]): Promise<Replica[]> {
  const taken = new Set(replicas.map(({ port }) => port))
  const chosen: Replica[] = []
  for (const replica of replicas) {
    let port = replica.port
    for (let next = firstPort; port === 0; next++) if (!taken.has(next) && (await freePort(next)) === next) port = next
    taken.add(port)
    chosen.push({ ...replica, port })
  }
  return chosen
}

/** Resolves when the replica is ready. */
export async function startReplica(replica: Replica, env: NodeJS.ProcessEnv, dir: string): Promise<Replica> {
  const { name, service, port } = replica
  try {
    const { pid } = await startProcess({
      name,
      dir: folderOf(dir, 'services'),
      command: process.execPath,
      args: [...serviceNodeOptions, join('services', service, 'src', 'main.ts')],
      env: {
        ...env,
        CONCORD_CLIENT_ID: name,
        HEALTH_HOST: '127.0.0.1',
        HEALTH_PORT: String(port),
        OTEL_SERVICE_NAME: env['OTEL_SERVICE_NAME'] || service,
      },
      cwd: repositoryRoot,
      detached: true,
      ready: () => isReady(port),
      timeoutMs: readyMs,
    })
    return { ...replica, pid }
  } catch (error) {
    throw whyNot(replica, Fault.from(error))
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}

/** A service that cannot run says why in its last line: that, and not its log, is what the reader wants. */
function whyNot({ name, service, log }: Replica, fault: Fault): Fault {
  const said = fault.message.split('\n').findLast((line) => line.startsWith(`${service}: `))
  const [first = ''] = fault.message.split('\n')
  return new Fault('internal', said === undefined ? first : `${name} did not start. ${said}`, {
    mend: `See ${log}.`,
    cause: fault,
  })
}
