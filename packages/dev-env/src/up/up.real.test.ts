import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { repositoryRoot } from '../real/cache.ts'
import { identityOf } from '../real/identity.ts'
import { down } from './down.ts'
import { readRun } from './run-folder.ts'
import { runningIn, up, type UpOptions } from './up.ts'

const one = { triage: 1, knowledge: 0, policy: 0, coordinator: 0, response: 0, executor: 0 }

async function scene(): Promise<UpOptions> {
  const dir = await mkdtemp(join(tmpdir(), 'concord-up-'))
  const tell = () => undefined
  onTestFinished(async () => {
    await down({ dir, tell })
    await rm(dir, { recursive: true })
  })
  return { dir, env: process.env, domainFolder: join(repositoryRoot, 'test', 'domains', 'clinic'), scale: one, tell }
}

const pidOf = async ({ dir }: UpOptions, name: string) => (await runningIn(dir)).get(name) ?? 0

test('what is up stays as it is, what has died is started again, and down ends what up has started', async () => {
  const options = await scene()
  const first = await up(options)
  expect(first.started.toSorted()).toEqual(['backend', 'model', 'triage-0'])
  expect(first.record.parts.filter(({ by }) => by === 'given').map(({ name }) => name)).toEqual(['kafka', 'registry', 'redis'])

  expect((await up(options)).started).toEqual([])

  const [replica] = first.record.replicas
  process.kill(await pidOf(options, 'triage-0'), 'SIGKILL')
  await expect.poll(() => pidOf(options, 'triage-0')).toBe(0)
  const again = await up(options)
  expect(again.started).toEqual(['triage-0'])
  expect(again.record.replicas[0]?.port).toBe(replica?.port)
  const ready = await fetch(`http://127.0.0.1:${replica?.port}/readyz`)
  expect(ready.status).toBe(200)

  const pid = await pidOf(options, 'triage-0')
  expect(await down({ dir: options.dir, only: 'triage', tell: options.tell })).toEqual(['triage-0'])
  expect(await identityOf(pid)).toBeUndefined()
  expect((await readRun(options.dir))?.replicas[0]?.pid).toBeNull()

  expect((await up(options)).started).toEqual(['triage-0'])
  expect(await down({ dir: options.dir, tell: options.tell })).toEqual(['triage-0', 'backend', 'model'])
  expect(await readRun(options.dir)).toBeNull()
  expect((await runningIn(options.dir)).size).toBe(0)
})

test('a service that cannot run says why, and what to do', async () => {
  const options = await scene()
  const broken = { ...options, env: { ...process.env, LOG_LEVEL: 'loud' } }
  await expect(up(broken)).rejects.toThrow(/triage-0 did not start\. triage: invalid_config: LOG_LEVEL must be one of/)
  expect(await readdir(options.dir)).toContain('up.json')
})

test('what runs is not moved to another domain', async () => {
  const options = await scene()
  await up({ ...options, scale: { ...one, triage: 0 } })
  await expect(up({ ...options, domainFolder: '/another' })).rejects.toThrow('it is up already, with another CONCORD_DOMAIN')
})

test('of three brokers the one that has died is started again', async () => {
  const options = await scene()
  const { KAFKA_BROKERS: _, ...env } = options.env
  const wide: UpOptions = { ...options, env, scale: { ...one, triage: 0 }, brokers: 3 }
  const first = await up(wide)
  expect(first.started.toSorted()).toEqual(['backend', 'kafka', 'model'])
  const [kafka] = first.record.parts
  expect(kafka).toMatchObject({ name: 'kafka', by: 'native', address: expect.stringMatching(/^[^,]+,[^,]+,[^,]+$/) })

  const before = await runningIn(options.dir)
  process.kill(before.get('kafka-2') ?? 0, 'SIGKILL')
  await expect.poll(() => pidOf(options, 'kafka-2')).toBe(0)
  expect((await up(wide)).started).toEqual(['kafka'])
  const after = await runningIn(options.dir)
  expect(after.get('kafka-2')).toBeGreaterThan(0)
  expect(after.get('kafka-1')).toBe(before.get('kafka-1'))
  await expect(up({ ...wide, brokers: 1 })).rejects.toThrow('it is up already, with another number of brokers')
})
