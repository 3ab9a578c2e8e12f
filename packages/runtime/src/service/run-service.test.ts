import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../testing/service-main.ts', import.meta.url))

function run(env: Record<string, string>): { child: ChildProcessWithoutNullStreams; exit: Promise<unknown>; said: () => string } {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', ...env } })
  let text = ''
  child.stdout.on('data', (bytes) => (text += String(bytes)))
  child.stderr.on('data', (bytes) => (text += String(bytes)))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, exit: once(child, 'exit').then(([code]) => code as unknown), said: () => text }
}

async function listening({ child, said }: ReturnType<typeof run>): Promise<void> {
  while (!said().includes('listening')) await once(child.stdout, 'data')
}

/** Nobody listens on port 1: every part is away. */
const away = { KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' }

test('a config that breaks a rule ends the process with 1 and the mend', async () => {
  const { exit, said } = run({ CONCORD_CONCURRENCY: '0' })
  expect(await exit).toBe(1)
  expect(said()).toContain('CONCORD_CONCURRENCY must be a whole number from 1 to 10000, but is "0". Set it')
}, 15_000)

test('SIGTERM ends a service that waits for its parts with 0', async () => {
  const service = run(away)
  await listening(service)
  service.child.kill('SIGTERM')
  expect(await service.exit).toBe(0)
}, 15_000)

test('an error that nobody catches is logged without what it quotes, and ends the process with 1', async () => {
  const service = run({ ...away, EXPLODE: 'the customer said hello' })
  expect(await service.exit).toBe(1)
  expect(service.said()).toContain('an exception that nobody catches')
  expect(service.said()).not.toContain('hello')
}, 15_000)
