import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Fault } from '@concord/contracts'

/** A domain's back end at work. */
export interface BackEnd {
  /** Base URL of the tools. */
  url: string
  close(): Promise<void>
}

interface BackEndModule {
  startBackend(options: { port: number; host?: string; dataDir?: string }): Promise<BackEnd>
}

/** Starts `<folder>/backend/server.ts` on a free port of the loopback interface, in memory unless `dataDir` is given. */
export async function startBackEnd(folder: string, options: { port?: number; dataDir?: string } = {}): Promise<BackEnd> {
  const file = join(folder, 'backend', 'server.ts')
  if (!existsSync(file)) {
    throw new Fault('invalid_domain', `${file} is missing.`, {
      mend: 'Add it, exporting startBackend, or set CONCORD_BACKEND_URL.',
    })
  }
  const module = (await import(pathToFileURL(file).href)) as BackEndModule
  return module.startBackend({ port: options.port ?? 0, ...(options.dataDir !== undefined && { dataDir: options.dataDir }) })
}
