/** Faults between any two effects: for tests that end a replica, or fail it, at a chosen write. */
import { Fault } from '@concord/contracts'
import type { MemoryBroker } from '@concord/messaging'
import type { Deps } from '../deps.ts'

/** What happens at the chosen effect: the process dies, or the call fails; before the effect took place, or after. */
export interface Plan {
  /** Counted from 1; the others go well. */
  at: number
  when: 'before' | 'after'
  how: 'crash' | 'fail'
}

export interface Planned {
  deps: Deps
  /** Effects so far: writes to the store and sends. */
  effects(): number
  crashed(): boolean
}

/** A dead process waits for ever. */
const never = <T>(): Promise<T> => new Promise<T>(() => {})

export function planned(deps: Deps, broker: MemoryBroker, clientId: string, plan: Plan | null): Planned {
  let effects = 0
  let dead = false

  async function effect<T>(run: () => Promise<T>, absent: () => Fault): Promise<T> {
    if (dead) return never()
    const chosen = ++effects === plan?.at ? plan : null
    if (chosen === null) return run()
    if (chosen.when === 'after') await run()
    if (chosen.how === 'fail') throw absent()
    dead = true
    broker.crash(clientId)
    return never()
  }

  const alive = <T>(run: () => Promise<T>): Promise<T> => (dead ? never() : run())
  const { store } = deps
  return {
    deps: {
      ...deps,
      store: {
        get: (key) => alive(() => store.get(key)),
        range: (index, options) => alive(() => store.range(index, options)),
        delete: (key, options) => alive(() => store.delete(key, options)),
        sentinel: (name) => alive(() => store.sentinel(name)),
        setSentinel: (name, value, options) => effect(() => store.setSentinel(name, value, options), storeAway),
        ping: () => alive(() => store.ping()),
        close: () => store.close(),
        put: (key, value, options) => effect(() => store.put(key, value, options), storeAway),
      },
      broker: {
        consumer: (options) => broker.consumer(options),
        admin: () => broker.admin(),
        read: (at, range, signal) => broker.read(at, range, signal),
        async producer(options) {
          const producer = await broker.producer(options)
          return { send: (records) => effect(() => producer.send(records), brokerAway), close: () => producer.close() }
        },
      },
    },
    effects: () => effects,
    crashed: () => dead,
  }
}

const storeAway = (): Fault => new Fault('store_unavailable', 'the store does not answer.', { retryable: true })
const brokerAway = (): Fault => new Fault('broker_unavailable', 'the broker does not answer.', { retryable: true })
