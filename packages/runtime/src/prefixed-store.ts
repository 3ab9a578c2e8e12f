import type { Store } from '@concord/store'

/** A part of a store: keys and indexes of different prefixes never meet. Closing it closes nothing. */
export function prefixedStore(store: Store, prefix: string): Store {
  return {
    get: (key) => store.get(prefix + key),
    put: (key, value, options) =>
      store.put(prefix + key, value, {
        ...options,
        ...(options.index && { index: options.index.map((entry) => ({ ...entry, index: prefix + entry.index })) }),
        ...(options.under && { under: { ...options.under, sentinel: prefix + options.under.sentinel } }),
      }),
    delete: (key, options) =>
      store.delete(prefix + key, {
        ...options,
        ...(options?.indexes && { indexes: options.indexes.map((one) => prefix + one) }),
      }),
    async range(index, options) {
      const ranked = await store.range(prefix + index, options)
      return ranked.map(({ key, score }) => ({ key: key.slice(prefix.length), score }))
    },
    sentinel: (name) => store.sentinel(prefix + name),
    setSentinel: (name, value, options) => store.setSentinel(prefix + name, value, options),
    ping: () => store.ping(),
    close: async () => {},
  }
}
