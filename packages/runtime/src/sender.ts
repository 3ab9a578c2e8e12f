import type { Broker, OutRecord, Producer } from '@concord/messaging'

/** A producer that connects when it is first needed, and again after it could not. */
export interface Sender {
  /** Resolves when every record is acknowledged. */
  send(records: readonly OutRecord[]): Promise<void>
  close(): Promise<void>
}

export function createSender(broker: Broker, clientId: string): Sender {
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
      if (records.length > 0) await (await connected()).send([...records])
    },
    async close() {
      const producer = await connecting?.catch(() => undefined)
      await producer?.close()
    },
  }
}
