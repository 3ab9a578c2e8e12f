import { createVirtualClock, eventually } from '@concord/testing'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { connectWithin } from './connect-within.ts'

/** Accepts connections and answers when told to. */
async function aServer() {
  const gate = Promise.withResolvers<void>()
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    void gate.promise.then(() => response.end('late'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void (server.close(), server.closeAllConnections()))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, answer: () => gate.resolve(), asked: () => asked }
}

test('once the connection stands, the answer may take longer', async () => {
  const clock = createVirtualClock()
  const { url, answer, asked } = await aServer()
  const text = connectWithin(5_000, clock, new AbortController().signal, async (signal) => (await fetch(url, { signal })).text())
  await eventually(() => expect(asked()).toBe(1))
  await clock.advance(60_000)
  answer()
  expect(await text).toBe('late')
})

test('a connection that does not stand in time ends the request, and only that one', async () => {
  const clock = createVirtualClock()
  const stuck = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))))
  const { url, answer } = await aServer()
  const ended = connectWithin(5_000, clock, new AbortController().signal, stuck).catch((error: unknown) => error)
  answer()
  const other = connectWithin(5_000, clock, new AbortController().signal, async (signal) => (await fetch(url, { signal })).text())
  expect(await other).toBe('late')
  await clock.advance(5_000)
  expect(await ended).toMatchObject({ code: 'model_unavailable', retryable: true, message: expect.stringContaining('5000 ms') })
})

test('a caller that gives up is told so', async () => {
  const clock = createVirtualClock()
  const caller = new AbortController()
  const stuck = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const ended = connectWithin(5_000, clock, caller.signal, stuck).catch((error: unknown) => error)
  caller.abort(new Error('given up'))
  expect(await ended).toMatchObject({ message: 'given up' })
  expect(await clock.step()).toBe(false)
})
