import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Order } from './records.ts'
import { startBackend, type BackendOptions } from './server.ts'

const day = 86_400_000

interface Call {
  key?: string
  ifMatch?: string
  args?: unknown
  method?: string
}

async function backend(options: Partial<BackendOptions> = {}) {
  const { url, close } = await startBackend({ port: 0, ...options })
  let closed = false
  const stop = async () => {
    if (!closed) await close()
    closed = true
  }
  onTestFinished(stop)
  const get = async (path: string) => answer(await fetch(url + path))
  const write = async (path: string, { key, ifMatch, args = {}, method = 'POST' }: Call) => {
    const headers = { ...(key && { 'idempotency-key': key }), ...(ifMatch && { 'if-match': ifMatch }) }
    return answer(await fetch(url + path, { method, headers, body: typeof args === 'string' ? args : JSON.stringify(args) }))
  }
  return { get, write, stop }
}

async function answer(response: Response) {
  return { status: response.status, etag: response.headers.get('etag'), body: (await response.json()) as Record<string, unknown> }
}

test('reads carry the version of the record as ETag', async () => {
  const { get } = await backend()
  expect(await get('/orders/W1000001')).toMatchObject({ status: 200, etag: '"1"', body: { status: 'pending', totalMinor: 3990 } })
  expect(await get('/customers/C1001')).toMatchObject({ status: 200, etag: '"1"', body: { openOrders: 2, creditMinor: 2500 } })
  expect(await get('/products/P201')).toMatchObject({ status: 200, body: { productClass: 'shoes' } })
  expect(await get('/invoices/20101')).toMatchObject({ status: 200, body: { orderId: 'W1000002', totalMinor: 6990 } })
  expect(await get('/giftcards/GC-1001-2001')).toMatchObject({ status: 200, body: { balanceMinor: 2500 } })
  expect(await get('/orders/W1000009/refund')).toMatchObject({ status: 200, body: { status: 'paid', amountMinor: 5990 } })
  const orders = (await get('/customers/C1001/orders')).body['orders'] as Order[]
  expect(orders.map(({ id }) => id)).toEqual(['W1000001', 'W1000005', 'W1000002', 'W1000003', 'W1000004'])
})

test('what is not there is not found', async () => {
  const { get, write } = await backend()
  for (const path of [
    '/orders/W9',
    '/orders/W1000001/refund',
    '/customers/none',
    '/nothing',
    '/orders/W1000001/constructor',
    '/operations/x',
  ]) {
    expect(await get(path), path).toMatchObject({ status: 404, body: { error: 'not_found' } })
  }
  expect(await write('/orders/W9/cancellation', { key: 'a' })).toMatchObject({ status: 404 })
  expect(await write('/orders/W1000001/toString', { key: 'a' })).toMatchObject({ status: 404 })
})

test('dates of the seed count from the start', async () => {
  const start = Date.parse('2031-05-20T12:00:00Z')
  const { get } = await backend({ now: () => start })
  const { deliveredAt, estimatedDelivery } = (await get('/orders/W1000025')).body as unknown as Order
  expect(Math.floor((start - Date.parse(deliveredAt!)) / day)).toBe(14)
  expect(estimatedDelivery).toBeNull()
  expect((await get('/orders/W1000018')).body['estimatedDelivery']).toBe('2031-05-21')
})

test('a write happens once for each key, and its answer can be asked for', async () => {
  const { get, write } = await backend()
  const first = await write('/orders/W1000001/cancellation', { key: 'k1', ifMatch: '"1"' })
  expect(first).toMatchObject({ status: 200, etag: '"2"', body: { status: 'done', id: 'W1000001', version: '2' } })
  expect(await write('/orders/W1000001/cancellation', { key: 'k1', ifMatch: '"1"' })).toEqual(first)
  expect(await get('/orders/W1000001')).toMatchObject({ etag: '"2"', body: { status: 'cancelled', refundId: 'R-W1000001' } })
  expect(await get('/operations/k1')).toMatchObject({ status: 200, body: { status: 'done', key: 'k1', result: first.body } })
})

test('a key with a slash can be asked for', async () => {
  const { get, write } = await backend()
  await write('/customers/C1004/marketing-stop', { key: 'case/action/customer:C1004' })
  expect(await get(`/operations/${encodeURIComponent('case/action/customer:C1004')}`)).toMatchObject({ status: 200 })
})

test('the same key with other arguments is refused', async () => {
  const { get, write } = await backend()
  await write('/orders/W1000011/address', { key: 'k', method: 'PUT', args: { address: 'Ahornweg 3, 20095 Hamburg' } })
  const other = await write('/orders/W1000011/address', {
    key: 'k',
    method: 'PUT',
    args: { address: 'Birkenweg 9, 10115 Berlin' },
  })
  expect(other).toMatchObject({ status: 409, body: { error: 'key_reused' } })
  expect((await get('/orders/W1000011')).body['address']).toBe('Ahornweg 3, 20095 Hamburg')
})

test('of two concurrent writes on one version one wins', async () => {
  const { get, write } = await backend()
  const both = await Promise.all([
    write('/orders/W1000019/refund', { key: 'a', ifMatch: '"1"', args: { amountMinor: 5990 } }),
    write('/orders/W1000019/refund', { key: 'b', ifMatch: '"1"', args: { amountMinor: 5990 } }),
  ])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  expect((await get('/orders/W1000019')).body).toMatchObject({ status: 'refunded', version: '2' })
})

test('what the record does not allow is refused, and the key stays free', async () => {
  const { get, write } = await backend()
  expect(await write('/orders/W1000005/cancellation', { key: 'k' })).toMatchObject({
    status: 422,
    body: { error: 'not_pending' },
  })
  expect(await get('/operations/k')).toMatchObject({ status: 404 })
  const refused: [string, Call, string][] = [
    ['/orders/W1000019/refund', { args: { amountMinor: 1 } }, 'wrong_amount'],
    ['/orders/W1000009/refund', { args: { amountMinor: 5990 } }, 'already_refunded'],
    ['/orders/W1000037/refund', { args: { amountMinor: 15900 } }, 'not_refundable'],
    ['/orders/W1000034/exchange', { args: { size: '45' } }, 'sold_out'],
    ['/orders/W1000018/return', {}, 'not_delivered'],
    ['/customers/C1003/email', { method: 'PUT', args: { email: 'nobody' } }, 'no_email'],
    ['/orders/W1000011/address', { method: 'PUT' }, 'no_address'],
  ]
  for (const [path, call, error] of refused) {
    expect(await write(path, { key: path, ...call }), path).toMatchObject({ status: 422, body: { error } })
  }
})

test('bad requests get a clear answer', async () => {
  const { get, write } = await backend()
  const path = '/orders/W1000001/cancellation'
  expect(await write(path, {})).toMatchObject({ status: 400, body: { error: 'no_idempotency_key' } })
  expect(await write(path, { key: 'k', args: '{broken' })).toMatchObject({ status: 400, body: { error: 'bad_body' } })
  expect(await write(path, { key: 'k', args: '[1]' })).toMatchObject({ status: 400, body: { error: 'bad_body' } })
  expect(await write(path, { key: 'k', args: { text: 'x'.repeat(70_000) } })).toMatchObject({
    status: 400,
    body: { error: 'bad_body' },
  })
  expect(await write(path, { key: 'k', method: 'DELETE' })).toMatchObject({ status: 405 })
  expect(await get('/orders/%E0%A4%A')).toMatchObject({ status: 400, body: { error: 'bad_path' } })
})

test('a write survives a restart, and its key too', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'shop-backend-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const before = await backend({ dataDir })
  const first = await before.write('/orders/W1000001/cancellation', { key: 'k' })
  await before.stop()

  const after = await backend({ dataDir })
  expect(await after.get('/orders/W1000001')).toMatchObject({ etag: '"2"', body: { status: 'cancelled' } })
  expect(await after.write('/orders/W1000001/cancellation', { key: 'k' })).toEqual(first)
  await after.stop()
})
