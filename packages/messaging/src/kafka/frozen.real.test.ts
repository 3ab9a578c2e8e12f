import { systemClock } from '@concord/contracts'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createDelivery } from '../delivery/delivery.ts'
import { createBench, rebalanceMs, valueOf } from '../testing/probe.ts'
import { kafkaBrokers } from '../testing/real-brokers.ts'
import { createKafkaBroker } from './kafka-broker.ts'
import { groupTimes } from './session.ts'

/** Stands still as a suspended process does: no timer, no socket, nothing. */
function freeze(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test(
  'a member that stood still past its session knows that it may have been replaced, and comes back by itself',
  { timeout: 90_000 },
  async () => {
    const bench = createBench(createKafkaBroker({ brokers: kafkaBrokers(), clientId: 'frozen' }))
    const topic = await bench.topic(2)
    const handled: string[] = []
    const refused: string[] = []
    const release = Promise.withResolvers<void>()
    const delivery = createDelivery({
      broker: bench.broker,
      clock: systemClock,
      group: bench.name('group'),
      topics: [topic],
      clientId: 'one',
      assignment: 'spread',
      concurrency: 10,
      stallAfterMs: 5_000,
      async handle(record, context) {
        await release.promise
        try {
          context.assertOwned()
        } catch (error) {
          refused.push(String(error))
          return { kind: 'retry', afterMs: 100 }
        }
        handled.push(valueOf(record))
        return { kind: 'done' }
      },
    })
    onTestFinished(() => delivery.drain())
    await delivery.start()
    await bench.send({ topic, partition: 0, value: Buffer.from('zero') }, { topic, partition: 1, value: Buffer.from('one') })
    await eventually(() => expect(delivery.stats().inFlight).toBe(2), rebalanceMs)
    expect(delivery.assertMember()).toBeUndefined()

    freeze(groupTimes.sessionTimeout + 1_000)
    expect(() => delivery.assertMember()).toThrow('fenced')
    expect(delivery.health()).toMatchObject({ ok: false, reason: expect.stringContaining('no contact') })
    release.resolve()
    await eventually(() => expect(handled.toSorted()).toEqual(['one', 'zero']), rebalanceMs)
    expect(refused.length).toBeGreaterThan(0)
    await eventually(() => expect(delivery.health()).toEqual({ ok: true }), rebalanceMs)
    delivery.assertMember()
  },
)
