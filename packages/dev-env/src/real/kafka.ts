import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from './cache.ts'
import { installRealParts } from './install.ts'
import { freePort, portAnswers } from './ports.ts'
import { startProcess } from './process.ts'
import { run } from './run.ts'
import { withAddress, type PartOptions, type RealPart } from './redis.ts'

export interface KafkaOptions extends PartOptions {
  /** Three for fault tests: the cluster goes on when any one is gone. The port is the first broker's. */
  brokers?: 1 | 3
}

export interface KafkaCluster extends RealPart {
  /** Each broker by itself, so that one can be stopped. */
  readonly nodes: readonly RealPart[]
}

/** Any constant: it only names a cluster that lives on this machine. */
const CLUSTER_ID = 'Y29uY29yZC1sb2NhbC1jbA'

interface Node {
  id: number
  port: number
  controllerPort: number
}

/** Starts Kafka in KRaft mode, each process broker and controller. The address is the list of brokers, with commas. */
export async function startKafka({ dir, port, detached = false, brokers = 1 }: KafkaOptions): Promise<KafkaCluster> {
  const { kafkaLibraries } = await installRealParts()
  const cluster = await choosePorts(brokers, port)
  const nodes = await Promise.all(cluster.map((node) => startNode(node, cluster, { dir, detached, kafkaLibraries })))
  const first = nodes[0]!
  return {
    address: nodes.map(({ address }) => address).join(','),
    nodes,
    get pid() {
      return first.pid
    },
    stop: async (signal) => void (await Promise.all(nodes.map((node) => node.stop(signal)))),
    restart: async () => void (await Promise.all(nodes.map((node) => node.restart()))),
  }
}

async function startNode(
  node: Node,
  cluster: Node[],
  options: { dir: string; detached: boolean; kafkaLibraries: string },
): Promise<RealPart> {
  const name = cluster.length === 1 ? 'kafka' : `kafka-${node.id}`
  const data = join(options.dir, `${name}-data`)
  const settings = join(options.dir, `${name}.properties`)
  const classPath = join(options.kafkaLibraries, '*')
  await mkdir(options.dir, { recursive: true })
  await writeFile(settings, await settingsOf(node, cluster, data))
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
  })
  return withAddress(running, `127.0.0.1:${node.port}`)
}

const JVM = [
  '-Xmx512m',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server=info', // says when the server has started
]

/** What all our brokers share stands in `infra/kafka`; the rest is this node's own. */
async function settingsOf(node: Node, cluster: Node[], data: string): Promise<string> {
  const shared = await readFile(join(repositoryRoot, 'infra', 'kafka', 'server.properties'), 'utf8')
  const replicas = cluster.length
  const own = {
    'node.id': node.id,
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'controller.quorum.voters': cluster.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    'log.dirs': data.replaceAll('\\', '/'),
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.max(1, replicas - 1),
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.max(1, replicas - 1),
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': Math.max(1, replicas - 1),
  }
  return `${shared}\n${Object.entries(own)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`
}

async function choosePorts(brokers: number, preferred: number | undefined): Promise<Node[]> {
  const nodes: Node[] = []
  for (let id = 1; id <= brokers; id++) {
    nodes.push({ id, port: await freePort(id === 1 ? preferred : 0), controllerPort: await freePort() })
  }
  return nodes
}
