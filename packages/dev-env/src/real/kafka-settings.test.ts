import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { chooseNodes, kafkaSettings, settingsFile } from './kafka-settings.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-kafka-settings-'))
  onTestFinished(() => rm(dir, { recursive: true }))
})

const settingsOf = async (nodes: Awaited<ReturnType<typeof chooseNodes>>, at: number): Promise<Record<string, string>> => {
  const node = nodes[at]
  if (node === undefined) throw new Error(`there is no broker ${at}`)
  const lines = (await kafkaSettings(node, nodes, '/data')).split('\n')
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

test('one broker keeps one copy of everything', async () => {
  const nodes = await chooseNodes({ dir, brokers: 1 })
  expect(nodes).toMatchObject([{ name: 'kafka', internalPort: null, advertised: `127.0.0.1:${nodes[0]?.port}` }])
  expect(await settingsOf(nodes, 0)).toMatchObject({ 'default.replication.factor': '1', 'min.insync.replicas': '1' })
})

test('three brokers know each other, keep three copies, and write to two', async () => {
  const nodes = await chooseNodes({ dir, brokers: 3 })
  const settings = await settingsOf(nodes, 1)
  expect(settings).toMatchObject({ 'node.id': '2', 'default.replication.factor': '3', 'min.insync.replicas': '2' })
  expect(settings['controller.quorum.voters']).toBe(
    nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
  )
})

test('brokers that are started again from their folder keep their ports', async () => {
  const first = await chooseNodes({ dir, brokers: 3 })
  for (const node of first) await writeFile(settingsFile(dir, node.name), await kafkaSettings(node, first, '/data'))
  expect(await chooseNodes({ dir, brokers: 3, port: 9092 })).toEqual(first)
})

test('where clients are sent another way, brokers still reach each other directly', async () => {
  const nodes = await chooseNodes({ dir, brokers: 3, advertise: async () => '127.0.0.1:7' })
  const settings = await settingsOf(nodes, 0)
  expect(settings['advertised.listeners']).toBe(`PLAINTEXT://127.0.0.1:7,INTERNAL://127.0.0.1:${nodes[0]?.internalPort}`)
  expect(settings['inter.broker.listener.name']).toBe('INTERNAL')
})
