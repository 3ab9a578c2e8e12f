import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be cut and mended, and whose connections can be made to swallow all that they are given. */
export interface Path {
  /** The target's URL with this path's address in it; for a target of host and port alone, just that. */
  url: string
  /** Ends every connection and refuses new ones. */
  cut(): void
  mend(): void
  /** The connections there are stay open and answer nothing more; new ones work. */
  swallow(): void
  /** Connections through it now. */
  open(): number
  close(): void
}

/** Opens a path on a free port of this machine. @param target a URL, or `host:port` */
export async function startPath(target: string): Promise<Path> {
  const { scheme, host, port, rest } = partsOf(target)
  const sockets = new Set<Socket>()
  const swallowing = new Set<Socket>()
  let isOpen = true

  const server = createServer((near) => {
    if (!isOpen) return void near.destroy()
    const far = connect(port, host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => (near.destroy(), far.destroy(), sockets.delete(socket), swallowing.delete(socket)))
    }
    near.on('data', (bytes) => swallowing.has(near) || forward(bytes, near, far))
    far.on('data', (bytes) => swallowing.has(far) || forward(bytes, far, near))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const cut = (): void => {
    isOpen = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `${scheme}127.0.0.1:${(server.address() as AddressInfo).port}${rest}`,
    cut,
    mend: () => void (isOpen = true),
    swallow: () => {
      for (const socket of sockets) swallowing.add(socket)
    },
    open: () => sockets.size / 2,
    close: () => (cut(), void server.close()),
  }
}

/** A reader that is slow, or stopped, slows down the writer as it would without a path. */
function forward(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes)) return
  from.pause()
  to.once('drain', () => from.resume())
}

function partsOf(target: string): { scheme: string; host: string; port: number; rest: string } {
  const [, scheme = '', host = '', port = '', rest = ''] = /^(\w+:\/\/)?([^/:]+):(\d+)(.*)$/.exec(target) ?? []
  if (host === '') throw new TypeError(`${target} names no host and port.`)
  return { scheme, host, port: Number(port), rest }
}
