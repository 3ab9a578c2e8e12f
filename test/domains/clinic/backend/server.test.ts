import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startBackend } from './server.ts'

const now = () => Date.UTC(2026, 2, 2, 9, 30)

async function start(dataDir?: string) {
  const backend = await startBackend({ port: 0, now, ...(dataDir === undefined ? {} : { dataDir }) })
  onTestFinished(() => backend.close())
  const get = (path: string) => fetch(`${backend.url}${path}`)
  const send = (method: string, path: string, key: string, options: { version?: string; body?: object } = {}) => {
    const match: Record<string, string> = options.version === undefined ? {} : { 'if-match': `"${options.version}"` }
    return fetch(`${backend.url}${path}`, {
      method,
      headers: { 'idempotency-key': key, ...match },
      body: JSON.stringify(options.body ?? {}),
    })
  }
  return { ...backend, get, send }
}

test('a record is read with its version, and what is not there is not found', async () => {
  const { get } = await start()
  const found = await get('/appointments/A1001')
  expect(found.headers.get('etag')).toBe('"1"')
  expect(await found.json()).toMatchObject({ doctor: 'Dr. Okafor', status: 'booked', start: '2026-03-11T09:00:00.000Z' })
  expect((await get('/appointments/A9999')).status).toBe(404)
  expect((await get('/constructor/x')).status).toBe(404)
})

test('a write is done once for its key, and its answer is repeated', async () => {
  const { get, send } = await start()
  const first = await send('POST', '/prescriptions/RX3001/repeats', 'k1', { version: '1' })
  const again = await send('POST', '/prescriptions/RX3001/repeats', 'k1', { version: '1' })
  expect([first.status, again.status]).toEqual([200, 200])
  expect(await again.json()).toEqual(await first.json())
  expect(await (await get('/prescriptions/RX3001')).json()).toMatchObject({ repeatsLeft: 2, version: 2 })
  expect((await get('/operations/k1')).status).toBe(200)
  expect((await get('/operations/k2')).status).toBe(404)
})

test('one key does not serve two writes', async () => {
  const { send } = await start()
  await send('POST', '/prescriptions/RX3001/repeats', 'k1')
  expect((await send('POST', '/prescriptions/RX3002/repeats', 'k1')).status).toBe(409)
})

test('a record that has changed since is not written', async () => {
  const { send } = await start()
  await send('PUT', '/appointments/A1001/slot', 'k1', { version: '1', body: { slot: 'S201' } })
  const late = await send('DELETE', '/appointments/A1001', 'k2', { version: '1' })
  expect(late.status).toBe(412)
  expect((await send('DELETE', '/appointments/A1001', 'k2', { version: '2' })).status).toBe(200)
})

test('what the practice does not allow is refused with a reason', async () => {
  const { send } = await start()
  for (const [method, path, body] of [
    ['PUT', '/appointments/A1001/slot', { slot: 'S202' }],
    ['POST', '/prescriptions/RX3003/repeats', {}],
    ['POST', '/bills/B50001/waiver', { amountMinor: 1 }],
  ] as const) {
    const answer = await send(method, path, `${path}-key`, { body })
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ error: expect.any(String), message: expect.any(String) })
  }
})

test('a write without a key and an unknown write do nothing', async () => {
  const { url, send } = await start()
  expect((await fetch(`${url}/appointments/A1001`, { method: 'DELETE' })).status).toBe(400)
  expect((await send('POST', '/patients/P100/nonsense', 'k1')).status).toBe(404)
})

test('what was done outlives the desk', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'clinic-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const before = await start(dataDir)
  await before.send('DELETE', '/appointments/A1002', 'k1')
  await before.close()
  const after = await start(dataDir)
  expect(await (await after.get('/appointments/A1002')).json()).toMatchObject({ status: 'cancelled' })
  expect((await after.send('DELETE', '/appointments/A1002', 'k1')).status).toBe(200)
})
