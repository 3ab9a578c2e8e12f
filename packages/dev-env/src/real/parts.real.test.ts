import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { startKafka } from './kafka.ts'
import { startRedis } from './redis.ts'
import { startRegistry } from './registry.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-parts-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
})

test('Redis keeps what it has answered when it is restarted', async () => {
  const redis = await startRedis({ dir })
  onTestFinished(() => redis.stop('SIGKILL'))
  expect(await ask(redis.address, 'SET case open')).toBe('+OK')
  await redis.restart()
  expect(await ask(redis.address, 'STRLEN case')).toBe(':4')
})

test('a second Redis that wants the same port gets another', async () => {
  const first = await startRedis({ dir: join(dir, 'first') })
  onTestFinished(() => first.stop('SIGKILL'))
  const second = await startRedis({ dir: join(dir, 'second'), port: Number(new URL(first.address).port) })
  onTestFinished(() => second.stop('SIGKILL'))
  expect(second.address).not.toBe(first.address)
  expect(await ask(second.address, 'PING')).toBe('+PONG')
})

test('the registry gives a schema the same id after a restart', async () => {
  const registry = await startRegistry({ dir })
  onTestFinished(() => registry.stop('SIGKILL'))
  const register = async (schema: string): Promise<unknown> => {
    const body = JSON.stringify({ schema: JSON.stringify(schema) })
    const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
    return (await fetch(`${registry.address}/subjects/${schema}-value/versions`, { method: 'POST', headers, body })).json()
  }
  const ids = [await register('string'), await register('bytes')]
  await registry.restart()
  expect([await register('string'), await register('bytes')]).toEqual(ids)
})

test('three brokers are one cluster, of which each can be stopped and started', async () => {
  const kafka = await startKafka({ dir, brokers: 3 })
  onTestFinished(() => kafka.stop('SIGKILL'))
  expect(kafka.address.split(',')).toHaveLength(3)
  const [, second] = kafka.nodes
  const before = second?.pid
  await second?.stop('SIGKILL')
  await second?.restart()
  expect(second?.pid).not.toBe(before)
})

/** The first line of Redis' answer to one command. */
async function ask(url: string, command: string): Promise<string | undefined> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`${command}\r\n`)
  const [bytes] = await once(socket, 'data')
  socket.destroy()
  return String(bytes).split('\r\n')[0]
}
