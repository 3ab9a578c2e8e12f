import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installRealParts } from './install.ts'
import { chooseNodes, kafkaSettings, settingsFile, type KafkaNode } from './kafka-settings.ts'
import { portAnswers } from './ports.ts'
import { startProcess } from './process.ts'
import { run } from './run.ts'
import { withAddress, type PartOptions, type RealPart } from './redis.ts'

export interface KafkaOptions extends PartOptions {
  /** Three for fault tests: the cluster goes on when any one is gone. The port is the first broker's. */
  brokers?: 1 | 3
  /** Brokers that run already from the same folder, by name: they are left alone, and are none of `nodes`. */
  running?: ReadonlySet<string>
  /** What clients are told in place of a broker's own `host:port`, such as a way to it that can be cut. Brokers among themselves go without. */
  advertise?(address: string): Promise<string>
}

export interface KafkaCluster extends RealPart {
  /** Each broker by itself, so that one can be stopped. */
  readonly nodes: readonly RealPart[]
}

/** Any constant: it only names a cluster that lives on this machine. */
const CLUSTER_ID = 'Y29uY29yZC1sb2NhbC1jbA'

/** Starts Kafka in KRaft mode, each process broker and controller. The address is the list of brokers, with commas. */
export async function startKafka({ dir, port, detached = false, brokers = 1, ...more }: KafkaOptions): Promise<KafkaCluster> {
  const { kafkaLibraries } = await installRealParts()
  const cluster = await chooseNodes({ dir, brokers, port, ...more })
  const missing = cluster.filter(({ name }) => more.running?.has(name) !== true)
  const nodes = await Promise.all(missing.map((node) => startNode(node, cluster, { dir, detached, kafkaLibraries })))
  return {
    address: cluster.map(({ advertised }) => advertised).join(','),
    nodes,
    get pid() {
      return nodes[0]?.pid ?? 0
    },
    stop: async (signal) => void (await Promise.all(nodes.map((node) => node.stop(signal)))),
    restart: async () => void (await Promise.all(nodes.map((node) => node.restart()))),
  }
}

async function startNode(
  node: KafkaNode,
  cluster: readonly KafkaNode[],
  options: { dir: string; detached: boolean; kafkaLibraries: string },
): Promise<RealPart> {
  const { name } = node
  const data = join(options.dir, `${name}-data`)
  const settings = settingsFile(options.dir, name)
  const classPath = join(options.kafkaLibraries, '*')
  await mkdir(options.dir, { recursive: true })
  await writeFile(settings, await kafkaSettings(node, cluster, data))
  if (!existsSync(join(data, 'meta.properties'))) {
    await run('java', ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', settings])
  }
  const running = await startProcess({
    name,
    dir: options.dir,
    command: 'java',
    args: [...JVM, '-cp', classPath, 'kafka.Kafka', settings],
    detached: options.detached,
    ready: async (log) => log.includes('Kafka Server started') && (await portAnswers(node.port)),
    timeoutMs: readyMs,
  })
  return withAddress(running, node.advertised)
}

/** Two seconds on a machine that is idle; Java is slow to load on one that is not. Milliseconds. */
const readyMs = 180_000

const JVM = [
  '-Xmx512m',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server=info', // says when the server has started
]
