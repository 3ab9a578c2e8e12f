/** Names, ports and settings of our Kafka brokers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from './cache.ts'
import { freePort, lastingPort } from './ports.ts'

export interface KafkaNode {
  id: number
  /** Of its log, pid file and data: `kafka`, or one of `kafka-1` to `kafka-3`. */
  name: string
  port: number
  controllerPort: number
  /** For the other brokers, where clients are sent another way. */
  internalPort: number | null
  /** `host:port` that clients are told. */
  advertised: string
}

export interface NodesOptions {
  dir: string
  brokers: number
  /** Wanted for the first broker. */
  port?: number | undefined
  advertise?(address: string): Promise<string>
}

/** One broker is `kafka`; of several, each has its number. */
export const brokerNames = (count: number): string[] =>
  count === 1 ? ['kafka'] : Array.from({ length: count }, (_, at) => `kafka-${at + 1}`)

export const settingsFile = (dir: string, name: string): string => join(dir, `${name}.properties`)

/** Brokers of one cluster know each other by their ports, so those of an earlier start from this folder are kept. */
export async function chooseNodes({ dir, brokers, port, advertise }: NodesOptions): Promise<KafkaNode[]> {
  const nodes: KafkaNode[] = []
  for (const [at, name] of brokerNames(brokers).entries()) {
    const known = brokers === 1 ? null : await portsBefore(dir, name)
    const own = known?.port ?? (at === 0 && port !== undefined ? await freePort(port) : await lastingPort())
    const address = `127.0.0.1:${own}`
    nodes.push({
      id: at + 1,
      name,
      port: own,
      controllerPort: known?.controllerPort ?? (await lastingPort()),
      internalPort: advertise === undefined ? null : await lastingPort(),
      advertised: (await advertise?.(address)) ?? address,
    })
  }
  return nodes
}

async function portsBefore(dir: string, name: string): Promise<{ port: number; controllerPort: number } | null> {
  const text = await readFile(settingsFile(dir, name), 'utf8').catch(() => '')
  const [, port, controllerPort] = /^listeners=PLAINTEXT:\/\/[^:]+:(\d+),CONTROLLER:\/\/[^:]+:(\d+)/m.exec(text) ?? []
  return port === undefined ? null : { port: Number(port), controllerPort: Number(controllerPort) }
}

/** What all our brokers share stands in `infra/kafka`; the rest is this node's own. */
export async function kafkaSettings(node: KafkaNode, cluster: readonly KafkaNode[], data: string): Promise<string> {
  const shared = await readFile(join(repositoryRoot, 'infra', 'kafka', 'server.properties'), 'utf8')
  const replicas = cluster.length
  const own = {
    'node.id': node.id,
    ...listeners(node),
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

function listeners({ port, controllerPort, internalPort, advertised }: KafkaNode): Record<string, string> {
  const own = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`
  if (internalPort === null) return { listeners: own, 'advertised.listeners': `PLAINTEXT://${advertised}` }
  const internal = `INTERNAL://127.0.0.1:${internalPort}`
  return {
    listeners: `${own},${internal}`,
    'advertised.listeners': `PLAINTEXT://${advertised},${internal}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
  }
}
