import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startPath } from './path.ts'

/** An echo, and a path to it. */
async function scene(url = (port: number) => `127.0.0.1:${port}`) {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const path = await startPath(url((server.address() as AddressInfo).port))
  onTestFinished(path.close)
  return path
}

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(/:(\d+)/.exec(url.replace(/^\w+:/, ''))?.[1]), '127.0.0.1')
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function say(socket: Socket, words: string): Promise<string> {
  const heard = once(socket, 'data')
  socket.write(words)
  return String((await heard)[0])
}

test('what is sent arrives, and what is answered comes back', async () => {
  const path = await scene()
  expect(await say(await open(path.url), 'hello')).toBe('hello')
})

test('a URL keeps its scheme and what follows its address', async () => {
  const path = await scene((port) => `redis://127.0.0.1:${port}/7`)
  expect(path.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+\/7$/)
  expect(await say(await open(path.url), 'hello')).toBe('hello')
})

test('a cut ends what is open and refuses what comes, until it is mended', async () => {
  const path = await scene()
  const before = await open(path.url)
  await say(before, 'hello')
  path.cut()
  await once(before, 'close')
  const during = await open(path.url)
  await once(during, 'close')
  path.mend()
  expect(await say(await open(path.url), 'again')).toBe('again')
})

test('a connection that swallows stays open and is not answered; a new one is', async () => {
  const path = await scene()
  const before = await open(path.url)
  await say(before, 'hello')
  path.swallow()
  before.write('lost')
  expect(await say(await open(path.url), 'found')).toBe('found')
  expect([before.destroyed, before.bytesRead]).toEqual([false, 'hello'.length])
})

test('an address without a port is refused', async () => {
  await expect(startPath('redis://somewhere')).rejects.toThrow('names no host and port')
})
