import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be cut and mended, and whose connections can be made to swallow all that they are given. */
export interface Path {
  url: string
  /** Ends every connection and refuses new ones. */
  cut(): void
  mend(): void
  /** The connections there are stay open and answer nothing more; new ones work. */
  swallow(): void
  close(): void
}

/** Opens a path to `url` on a free port of this machine. */
export async function startPath(url: string): Promise<Path> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const swallowing = new Set<Socket>()
  let open = true

  const server = createServer((near) => {
    if (!open) return void near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => (near.destroy(), far.destroy(), sockets.delete(socket)))
    }
    near.on('data', (bytes) => swallowing.has(near) || far.write(bytes))
    far.on('data', (bytes) => near.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const cut = (): void => {
    open = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `${target.protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => void (open = true),
    swallow: () => {
      for (const socket of sockets) swallowing.add(socket)
    },
    close: () => (cut(), void server.close()),
  }
}
