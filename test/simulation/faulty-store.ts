/** The store as one replica sees it. */
import type { Fault } from '@concord/contracts'
import type { Store } from '@concord/store'
import { storeAway } from './absence.ts'
import type { Life } from './life.ts'
import type { Stage } from './stage.ts'

/** Keys under which agents remember results begin so. */
const workPrefix = 'work/'

export function storeOf(life: Life, { store, history, evidence, isAway }: Stage): Store {
  const call = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    life.call(
      `store.${what}`,
      async () => {
        if (isAway('store')) throw absent()
        return effect()
      },
      absent,
    )

  const absent = (): Fault => {
    evidence.disturbances.push({ seq: history.now(), by: life.clientId, kind: 'store-away' })
    return storeAway()
  }

  return {
    get: (key) =>
      call('get', () => {
        if (key.startsWith(workPrefix)) evidence.looked.push({ seq: history.now(), key, by: life.clientId })
        return store.get(key)
      }),
    async put(key, value, options) {
      return call('put', async () => {
        const put = await store.put(key, value, options)
        const seq = history.note(
          life.clientId,
          `put ${key} ${put.ok ? `v${put.version}` : `refused at v${put.current?.version ?? 0}`}`,
        )
        if (put.ok && key.startsWith(workPrefix)) evidence.remembered.push({ seq, key })
        return put
      })
    },
    delete: (key, options) => call('delete', () => store.delete(key, options)),
    sentinel: (name) => call('sentinel', () => store.sentinel(name)),
    setSentinel: (name, value, options) => call('setSentinel', () => store.setSentinel(name, value, options)),
    range: (index, options) => call('range', () => store.range(index, options)),
    ping: () => call('ping', () => store.ping()),
    close: async () => {},
  }
}
