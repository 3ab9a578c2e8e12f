import { Fault } from '@concord/contracts'
import { run } from './run.ts'

/** A program that must be on this machine, with the Debian package that brings it. */
interface Tool {
  name: string
  debian: string
  present(): Promise<boolean>
}

const OLDEST_JAVA = 17

const answers = (command: string, ...args: string[]): Promise<boolean> => run(command, args).then(Boolean, () => false)

const java: Tool = {
  name: `Java ${OLDEST_JAVA} or later`,
  debian: 'default-jre-headless',
  present: async () => javaVersion(await run('java', ['-version']).catch(() => '')) >= OLDEST_JAVA,
}
const maven: Tool = { name: 'Maven', debian: 'maven', present: () => answers('mvn', '-v') }
const redis: Tool = { name: 'Redis', debian: 'redis-server', present: () => answers('redis-server', '--version') }

/** 17 for `openjdk version "17.0.15"`, 8 for `java version "1.8.0"`; 0 when no version stands there. */
export function javaVersion(text: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? []
  return Number(first === '1' ? second : (first ?? 0))
}

/** Makes the programs available that the real parts need. Maven is needed only while something is still to be downloaded. */
export async function ensureTools(options: { download: boolean; log(line: string): void }): Promise<void> {
  const wanted = [java, redis, ...(options.download ? [maven] : [])]
  const missing = await missingOf(wanted)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !(await answers('apt-get', '--version'))) throw missingFault(missing)

  options.log(`installing ${missing.map(({ name }) => name).join(', ')} with apt-get`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-q'], { env })
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing.map(({ debian }) => debian)], { env })
  const still = await missingOf(missing)
  if (still.length > 0) throw missingFault(still)
}

async function missingOf(tools: Tool[]): Promise<Tool[]> {
  const present = await Promise.all(tools.map((tool) => tool.present()))
  return tools.filter((_, n) => !present[n])
}

function missingFault(missing: Tool[]): Fault {
  return new Fault('not_found', `${missing.map(({ name }) => name).join(', ')} not found on this machine.`, {
    mend:
      'Either start a Docker daemon with Compose, or install Java 17 or later, Maven and Redis (Debian: apt-get install ' +
      'default-jre-headless maven redis-server), or point KAFKA_BROKERS, SCHEMA_REGISTRY_URL and REDIS_URL at running servers.',
  })
}
