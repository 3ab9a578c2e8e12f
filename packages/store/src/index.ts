export type { IndexEntry, PutOptions, PutResult, Ranked, Store, Stored } from './store.ts'
export { createMemoryStore } from './memory.ts'
export { createRedisStore, type RedisStoreOptions } from './redis.ts'
