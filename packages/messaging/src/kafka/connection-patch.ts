import { createRequire } from 'node:module'

interface Connection {
  isConnected(): boolean
  connect(): Promise<unknown>
}

interface ConnectionPool {
  pool: Connection[]
  getConnection(index?: number): Promise<Connection>
}

const patched = Symbol.for('concord.kafkajs.one-connect')

/**
 * In kafkajs 2.2.4, requests that find a connection closed each open it: the socket of the last stands, and those of the others stay open for as
 * long as the broker lets them. Here the others wait for the first.
 */
export function patchConnect(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/connectionPool') as { prototype: ConnectionPool }
  if (patched in prototype) return
  const connecting = new WeakMap<Connection, Promise<unknown>>()
  const get = prototype.getConnection
  prototype.getConnection = async function (index = 0) {
    const connection = this.pool[index]
    if (connection === undefined || connection.isConnected()) return get.call(this, index)
    const first = connecting.get(connection) ?? connection.connect().finally(() => connecting.delete(connection))
    connecting.set(connection, first)
    await first
    return connection
  }
  Object.defineProperty(prototype, patched, { value: true })
}
