import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { installRealParts } from './install.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'
import { withAddress, type PartOptions, type RealPart } from './redis.ts'

/** Two seconds on a machine that is idle; Java is slow to load on one that is not. Milliseconds. */
const readyMs = 180_000

/**
 * Starts the schema registry (Apicurio) and waits until it answers over HTTP. The address is that of its Confluent-compatible API.
 * Its schemas stand in `dir`, so that ids on the topics keep their meaning over a restart.
 */
export async function startRegistry({ dir, port, detached = false }: PartOptions): Promise<RealPart> {
  const { registryJar } = await installRealParts()
  const data = join(dir, 'registry-data')
  await mkdir(data, { recursive: true })
  const chosen = await freePort(port)
  const address = `http://127.0.0.1:${chosen}/apis/ccompat/v7`
  const properties = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': chosen,
    'apicurio.storage.sql.kind': 'h2',
    'apicurio.datasource.url': `jdbc:h2:file:${join(data, 'schemas')}`,
  }
  const running = await startProcess({
    name: 'registry',
    dir,
    command: 'java',
    args: [
      '-Xmx384m',
      '-XX:TieredStopAtLevel=1',
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
      '-jar',
      registryJar,
    ],
    detached,
    ready: () => answers(`${address}/subjects`),
    timeoutMs: readyMs,
  })
  return withAddress(running, address)
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
