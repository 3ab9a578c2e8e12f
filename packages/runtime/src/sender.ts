import type { Broker, OutRecord, Producer } from '@concord/messaging'

/** A producer that connects when it is first needed, and again after it could not. */
export interface Sender {
  /** Resolves when every record is acknowledged. Rejects with `fenced`, and sends nothing, where `check` does. */
  send(records: readonly OutRecord[]): Promise<void>
  close(): Promise<void>
}

/** @param check is asked before anything is sent; it throws where this client may not send now */
export function createSender(broker: Broker, clientId: string, check: () => void): Sender {
  let connecting: Promise<Producer> | undefined

  function connected(): Promise<Producer> {
    const current = (connecting ??= broker.producer({ clientId }))
    current.catch(() => {
      if (connecting === current) connecting = undefined
    })
    return current
  }

  return {
    async send(records) {
      if (records.length === 0) return
      const producer = await connected()
      check()
      await producer.send([...records])
    },
    async close() {
      const producer = await connecting?.catch(() => undefined)
      await producer?.close()
    },
  }
}
