import type { Redis } from 'ioredis'
import { createLink, type LinkOptions } from './redis-link.ts'
import { DELETE, FIELD_PREFIX, PUT, RANGE, SENTINEL, SET_SENTINEL } from './scripts.ts'
import { checkScores, stateLost, type PutOptions, type PutResult, type Ranked, type Store } from './store.ts'

export interface RedisStoreOptions extends LinkOptions {
  /** Stands before every key in Redis; two stores with different prefixes share nothing. */
  prefix: string
}

/** The scripts, as `defineCommand` adds them to the client. */
interface Scripts {
  concordPut(keyCount: number, ...rest: (string | number)[]): Promise<[number, string?, string?]>
  concordDelete(keyCount: number, ...rest: (string | number)[]): Promise<number>
  concordRange(keyCount: number, ...rest: (string | number)[]): Promise<string[]>
  concordSentinel(keyCount: number, key: string): Promise<string | null>
  concordSetSentinel(keyCount: number, ...rest: (string | number)[]): Promise<number>
}

/** The store in one Redis server. Connects in the background: a Redis that is away shows in the calls, not here. */
export function createRedisStore({ prefix, ...options }: RedisStoreOptions): Store {
  const link = createLink(options)
  const scripts = defineScripts(link.redis)
  const hash = (key: string) => `${prefix}key:${key}`
  const sorted = (index: string) => `${prefix}index:${index}`
  const sentinel = (name: string) => `${prefix}sentinel:${name}`

  const put = async (key: string, value: string, options: PutOptions): Promise<PutResult> => {
    const { ifVersion, ttlMs, index = [], under } = options
    checkScores(index)
    const keys = [hash(key), under === undefined ? '' : sentinel(under.sentinel), ...index.map((entry) => sorted(entry.index))]
    const entries = index.flatMap(({ index: name, score }) => [FIELD_PREFIX + name, score === null ? '' : String(score)])
    const ttl = ttlMs === undefined ? '' : Math.ceil(ttlMs)
    const [ok, version, standing] = await link.call('put', () =>
      scripts.concordPut(keys.length, ...keys, value, ifVersion, ttl, key, under?.value ?? '', ...entries),
    )
    if (under !== undefined && ok === -1) throw stateLost(under.sentinel)
    if (ok === 1) return { ok: true, version: Number(version) }
    return { ok: false, current: version === undefined ? null : { value: standing ?? '', version: Number(version) } }
  }

  const range = async (index: string, upTo: number, limit: number): Promise<Ranked[]> => {
    const most = Math.min(limit, Number.MAX_SAFE_INTEGER)
    const flat = await link.call('range', () =>
      scripts.concordRange(1, sorted(index), String(upTo), most, hash(''), FIELD_PREFIX + index),
    )
    return pairs(flat)
  }

  return {
    async get(key) {
      const [value, version] = await link.call('get', () => link.redis.hmget(hash(key), 'value', 'version'))
      return value == null || version == null ? null : { value, version: Number(version) }
    },
    put,
    async delete(key, { ifVersion, indexes = [] } = {}) {
      const keys = [hash(key), ...indexes.map(sorted)]
      const removed = await link.call('delete', () => scripts.concordDelete(keys.length, ...keys, ifVersion ?? 'any', key))
      return removed === 1
    },
    range: (index, { upTo = Infinity, limit }) => range(index, upTo, limit),
    sentinel: (name) => link.call('sentinel', () => scripts.concordSentinel(1, sentinel(name))),
    async setSentinel(name, value, { if: standing }) {
      const wanted = [standing === null ? 0 : 1, standing ?? '', value === null ? 0 : 1, value ?? '']
      return (await link.call('setSentinel', () => scripts.concordSetSentinel(1, sentinel(name), ...wanted))) === 1
    },
    ping: async () => void (await link.call('ping', () => link.redis.ping())),
    close: link.close,
  }
}

function defineScripts(redis: Redis): Scripts {
  redis.defineCommand('concordPut', { lua: PUT })
  redis.defineCommand('concordDelete', { lua: DELETE })
  redis.defineCommand('concordRange', { lua: RANGE })
  redis.defineCommand('concordSentinel', { lua: SENTINEL })
  redis.defineCommand('concordSetSentinel', { lua: SET_SENTINEL })
  // ioredis adds the methods at run time; their shapes stand in `Scripts`.
  return redis as unknown as Scripts
}

function pairs(flat: string[]): Ranked[] {
  return flat.flatMap((key, at) => (at % 2 === 0 ? [{ key, score: Number(flat[at + 1]) }] : []))
}
