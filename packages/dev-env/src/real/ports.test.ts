import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, lastingPort, portAnswers } from './ports.ts'

test('a preferred port is taken when it is free, and another when it is not', async () => {
  const preferred = await freePort()
  expect(await freePort(preferred)).toBe(preferred)
  const { port } = await listen('', preferred)
  expect(await freePort(port)).not.toBe(port)
})

test('a lasting port is free, and below those of connections', async () => {
  const port = await lastingPort()
  expect(port).toBeLessThan(32_768)
  expect((await listen('', port)).port).toBe(port)
})

test('a port answers when the first bytes are those that are expected', async () => {
  const { port } = await listen('+PONG\r\n')
  expect(await portAnswers(port)).toBe(true)
  expect(await portAnswers(port, 'PING\r\n', '+PONG')).toBe(true)
  expect(await portAnswers(port, 'PING\r\n', '-LOADING')).toBe(false)
})

test('a port that nobody listens on does not answer', async () => {
  expect(await portAnswers(await freePort())).toBe(false)
})

async function listen(answer: string, wanted = 0): Promise<AddressInfo> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', () => socket.write(answer))
  })
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return server.address() as AddressInfo
}
