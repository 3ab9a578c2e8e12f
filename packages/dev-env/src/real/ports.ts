import { randomInt } from 'node:crypto'
import { connect, createServer, type AddressInfo } from 'node:net'

/** Below the ports that systems hand out for connections, above those of well-known services. */
const lasting = { from: 20_000, to: 32_000 }

/** `preferred` if nothing listens there, else a port that the system picks. */
export async function freePort(preferred = 0): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? 0
}

/** A free port for a server that is stopped and started again: the system gives it to no connection meanwhile. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = await tryPort(randomInt(lasting.from, lasting.to))
    if (port !== undefined) return port
  }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo
      server.close(() => resolve(found))
    })
  })
}

/** Sends `question` to a local port and says whether the first bytes of the answer begin with `answer`; an empty one only connects. */
export function portAnswers(port: number, question = '', answer = ''): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (result: boolean) => (socket.destroy(), resolve(result))
    socket.setTimeout(1_000, () => end(false))
    socket.once('error', () => end(false))
    socket.once('connect', () => (question === '' ? end(true) : socket.write(question)))
    socket.once('data', (bytes) => end(bytes.toString().startsWith(answer)))
  })
}
