/**
 * Says which part of the system a CPU profile's time went to. `node bench/src/shares.ts FILE.cpuprofile…`
 * A sample counts for the nearest caller that is of a part; what has none is Node's own.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

interface ProfileNode {
  id: number
  callFrame: { functionName: string; url: string }
  children?: number[]
}

/** As V8 writes it. */
export interface CpuProfile {
  nodes: ProfileNode[]
  /** The node that each sample found at work. */
  samples: number[]
  /** Microseconds before each sample. */
  timeDeltas: number[]
}

/** The first that matches the function's name or its file's counts. */
const parts: readonly (readonly [string, RegExp])[] = [
  ['idle', /^\(idle\)/],
  ['garbage collection', /^\(garbage collector\)/],
  ['loading of modules', /internal\/modules/],
  ['kafkajs', /\/kafkajs\//],
  ['Redis client', /\/ioredis\/|\/store\/src\/redis/],
  ['zod', /\/zod\//],
  ['Avro', /\/avsc\/|\/avro-scan/],
  ['canonical JSON and hashes', /\/contracts\/src\/(canonical|ids)/],
  ['logs, metrics, spans', /\/pino|\/prom-client\/|\/@opentelemetry\/|\/telemetry\/src\//],
  ['rest of the contracts', /\/contracts\/src\//],
  ['cases as JSON', /\/process\/case-|\/packed-record/],
  ['coordinator and agreement', /\/services\/coordinator\/|\/agreement\/src\//],
  ['agents and domain', /\/services\/|\/domain\/src\/|\/minisearch\/|\/cel-/],
  ['delivery engine and producer', /\/messaging\/src\//],
  ['runtime', /\/runtime\/src\//],
]
const nodesOwn = "Node's own: promises, sockets, timers"

/** Share of the time that is not idle, 0 to 1, by part, largest first; `idle` is a share of all. */
export function shares({ nodes, samples, timeDeltas }: CpuProfile): [string, number][] {
  const partOf = classifier(nodes)
  const time = new Map<string, number>()
  for (const [at, id] of samples.entries()) {
    const part = partOf(id)
    time.set(part, (time.get(part) ?? 0) + (timeDeltas[at] ?? 0))
  }
  const all = [...time.values()].reduce((sum, one) => sum + one, 0)
  const busy = all - (time.get('idle') ?? 0)
  const entries = [...time].map(([part, spent]): [string, number] => [part, spent / (part === 'idle' ? all : busy)])
  return entries.toSorted(([, a], [, b]) => b - a)
}

function classifier(nodes: readonly ProfileNode[]): (id: number) => string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parent = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const known = new Map<number, string>()
  const classify = (id: number): string => {
    const { functionName = '', url = '' } = byId.get(id)?.callFrame ?? {}
    const own = parts.find(([, names]) => names.test(`${functionName} ${url}`))?.[0]
    const above = parent.get(id)
    return own ?? (above === undefined ? nodesOwn : partOf(above))
  }
  function partOf(id: number): string {
    const part = known.get(id) ?? classify(id)
    known.set(id, part)
    return part
  }
  return partOf
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const file of process.argv.slice(2)) {
    const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
    const lines = shares(profile).map(([part, share]) => `${(share * 100).toFixed(1).padStart(6)} %  ${part}`)
    process.stdout.write(`${file}\n${lines.join('\n')}\n`)
  }
}
