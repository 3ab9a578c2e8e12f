import type { Fault } from '@concord/contracts'
import { createVirtualClock } from '@concord/testing'
import type { InRecord } from '../broker.ts'
import type { DeliveryOptions, HandleContext, Settled } from '../delivery/delivery-options.ts'
import { createDelivery } from '../delivery/delivery.ts'
import { createMemoryBroker } from '../memory/memory-broker.ts'
import { outRecord, valueOf } from './probe.ts'

/** A record in flight. */
interface Open {
  record: InRecord
  context: HandleContext
  done(): void
  retry(afterMs: number): void
  fail(error: Error): void
}

/** A memory broker with one topic, a virtual clock, and members whose handlers are settled by hand. */
export async function scene({ partitions = 1 } = {}) {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const admin = await broker.admin()
  await admin.createTopics([{ topic: 'topic', partitions }])
  const producer = await broker.producer({ clientId: 'scene' })
  const settle = () => clock.advance(0)

  function member(clientId: string, options: Partial<DeliveryOptions> = {}) {
    const open = new Map<string, Open>()
    const handled: string[] = []
    const faults: Fault[] = []
    const delivery = createDelivery({
      broker,
      clock,
      clientId,
      group: 'group',
      topics: ['topic'],
      assignment: 'spread',
      concurrency: 100,
      random: () => 1,
      onFault: (fault) => faults.push(fault),
      handle: (record, context) =>
        new Promise<Settled>((resolve, reject) => {
          const value = valueOf(record)
          const end = (how: () => void) => {
            if (open.get(value) === one) open.delete(value)
            how()
          }
          const one: Open = {
            record,
            context,
            done: () => end(() => (handled.push(value), resolve({ kind: 'done' }))),
            retry: (afterMs) => end(() => resolve({ kind: 'retry', afterMs })),
            fail: (error) => end(() => reject(error)),
          }
          open.set(value, one)
        }),
      ...options,
    })
    const finish = async (...values: string[]) => {
      for (const value of values) {
        const one = open.get(value)
        if (one === undefined) throw new Error(`${value} is not in flight: ${[...open.keys()].join(' ')}`)
        one.done()
      }
      await settle()
    }
    return { delivery, open, handled, faults, finish, inFlight: () => [...open.keys()] }
  }

  return {
    clock,
    broker,
    settle,
    member,
    admin,
    async send(...values: string[]) {
      await producer.send(values.map((value) => outRecord({ topic: 'topic', key: value.charAt(0), value: Buffer.from(value) })))
      await settle()
    },
    committed: async () => (await admin.committed('group', 'topic')).map(({ offset }) => offset),
  }
}
