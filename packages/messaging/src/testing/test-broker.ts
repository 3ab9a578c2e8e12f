import { afterEach, beforeEach, describe } from 'vitest'
import type { Broker } from '../broker.ts'
import { testAdmin } from './admin-contract.ts'
import { testConsumer } from './consumer-contract.ts'
import { testGroup } from './group-contract.ts'
import { createBench, type Bench } from './probe.ts'
import { testRead } from './read-contract.ts'
import { testProducer } from './producer-contract.ts'

/** The contract of the broker port. Every adapter passes it. */
export function testBroker(name: string, factory: () => Broker | Promise<Broker>): void {
  describe(name, () => {
    let bench: Bench
    beforeEach(async () => {
      bench = createBench(await factory())
    })
    afterEach(() => bench.dispose())
    testAdmin(() => bench)
    testProducer(() => bench)
    testConsumer(() => bench)
    testGroup(() => bench)
    testRead(() => bench)
  })
}
