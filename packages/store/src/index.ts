export {
  stateLost,
  type IndexEntry,
  type PutOptions,
  type PutResult,
  type Ranked,
  type Store,
  type Stored,
  type Under,
} from './store.ts'
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from './memory.ts'
export { createRedisStore, type RedisStoreOptions } from './redis.ts'
