/** What stands in for the world outside: the simulator of a model, and the domain's back end. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { repositoryRoot } from '../real/cache.ts'
import { freePort } from '../real/ports.ts'
import { startProcess } from '../real/process.ts'
import { folderOf, type Part } from './run-folder.ts'

export interface HelpersOptions {
  dir: string
  env: NodeJS.ProcessEnv
  domainFolder: string
  before: readonly Part[]
  running: ReadonlySet<string>
  tell(line: string): void
}

interface Helper {
  name: 'model' | 'backend'
  variable: string
  usualPort: number
  script: string
  /** After host and port. */
  path: string
  /** Answers with any status when it is there. */
  probe: string
  env: NodeJS.ProcessEnv
}

/** Starts those that the environment does not name. */
export async function startHelpers(options: HelpersOptions): Promise<Part[]> {
  const { dir, domainFolder } = options
  const model: Helper = {
    name: 'model',
    variable: 'OPENAI_BASE_URL',
    usualPort: 4010,
    script: join(repositoryRoot, 'packages', 'simulator', 'src', 'main.ts'),
    path: '/v1',
    probe: '/v1/models',
    env: {},
  }
  const backend: Helper = {
    name: 'backend',
    variable: 'CONCORD_BACKEND_URL',
    usualPort: 4020,
    script: join(domainFolder, 'backend', 'main.ts'),
    path: '',
    probe: '/',
    env: { DATA_DIR: join(folderOf(dir, 'data'), 'backend') },
  }
  return Promise.all([model, backend].map((helper) => start(helper, options)))
}

async function start(helper: Helper, { dir, env, before, running, tell }: HelpersOptions): Promise<Part> {
  const { name } = helper
  const given = env[helper.variable]
  if (given) return { name, by: 'given', address: given }
  const old = before.find((part) => part.name === name && part.by === 'native')
  if (old !== undefined && running.has(name)) return old
  if (!existsSync(helper.script)) {
    throw new Fault('invalid_domain', `${helper.script} is missing.`, { mend: `Add it, or set ${helper.variable}.` })
  }
  tell(`starting the ${name === 'model' ? 'simulator of a model' : 'back end of the domain'}`)
  const port = await freePort(old === undefined ? helper.usualPort : Number(new URL(old.address).port))
  const base = `http://127.0.0.1:${port}`
  await startProcess({
    name,
    dir: folderOf(dir, 'helpers'),
    command: process.execPath,
    args: [helper.script],
    env: { ...env, ...helper.env, HOST: '127.0.0.1', PORT: String(port) },
    cwd: repositoryRoot,
    detached: true,
    ready: () => httpAnswers(`${base}${helper.probe}`),
  })
  return { name, by: 'native', address: `${base}${helper.path}` }
}

/** Whether anything answers there, with whatever status. */
async function httpAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}
