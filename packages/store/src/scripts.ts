/**
 * The atomic steps in Redis, one Lua script each. A key is a hash of `value`, `version` and one field per index entry with its
 * score: the hash is the truth and the sorted set only its order, so an entry whose hash has expired, or was born again without
 * it, is known as stale. Data keys are built inside `range` from a prefix: one Redis server, not a cluster of slots.
 */

/** The hash field that holds the key's score in an index. */
export const FIELD_PREFIX = 'in:'

/**
 * A sentinel is a string: the run id of the server that it was set in, a space, its value. `holds` compares that with the id of now, in the
 * very step that needs to know. A restart between two calls cannot be missed so, as it could if the client asked for the id.
 */
const SENTINELS = `
local function holds(text)
  return text and string.find(redis.call('INFO', 'server'), 'run_id:' .. string.sub(text, 1, 40), 1, true) ~= nil
end
local function standing(key)
  local text = redis.call('GET', key)
  return holds(text) and string.sub(text, 42) or false
end
`

/** KEYS: sentinel. */
export const SENTINEL = `${SENTINELS}
return standing(KEYS[1])
`

/** KEYS: sentinel. ARGV: 1 if a value must stand, that value, 1 if one is to be set, that one. */
export const SET_SENTINEL = `${SENTINELS}
local now = standing(KEYS[1])
if ARGV[1] == '1' and now ~= ARGV[2] or ARGV[1] ~= '1' and now then return 0 end
if ARGV[3] == '1' then
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  redis.call('SET', KEYS[1], run .. ' ' .. ARGV[4])
else
  redis.call('DEL', KEYS[1])
end
return 1
`

/**
 * KEYS: hash, sentinel or '', then one sorted set per entry. ARGV: value, version or `any`, ttl or '', member, the sentinel's value, then
 * field and score ('' removes) per entry.
 */
export const PUT = `${SENTINELS}
if KEYS[2] ~= '' and standing(KEYS[2]) ~= ARGV[5] then return {-1} end
local version = redis.call('HGET', KEYS[1], 'version')
local before = tonumber(version or '0')
if ARGV[2] ~= 'any' and before ~= tonumber(ARGV[2]) then
  if not version then return {0} end
  return {0, version, redis.call('HGET', KEYS[1], 'value')}
end
redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', before + 1)
for i = 3, #KEYS do
  local field, score = ARGV[2 * i], ARGV[2 * i + 1]
  if score == '' then
    redis.call('HDEL', KEYS[1], field)
    redis.call('ZREM', KEYS[i], ARGV[4])
  else
    redis.call('HSET', KEYS[1], field, score)
    redis.call('ZADD', KEYS[i], score, ARGV[4])
  end
end
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return {1, tostring(before + 1)}
`

/** KEYS: hash, then sorted sets. ARGV: version or `any`, member. */
export const DELETE = `
local version = redis.call('HGET', KEYS[1], 'version')
if not version or (ARGV[1] ~= 'any' and tonumber(version) ~= tonumber(ARGV[1])) then return 0 end
redis.call('DEL', KEYS[1])
for i = 2, #KEYS do redis.call('ZREM', KEYS[i], ARGV[2]) end
return 1
`

/** KEYS: sorted set. ARGV: highest score, limit, prefix of hashes, field. Takes stale entries out on the way. */
export const RANGE = `
local limit, found, kept = tonumber(ARGV[2]), {}, 0
while kept < limit do
  local page = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', kept, limit - kept)
  if #page == 0 then break end
  for i = 1, #page, 2 do
    if redis.call('HEXISTS', ARGV[3] .. page[i], ARGV[4]) == 1 then
      found[#found + 1] = page[i]
      found[#found + 1] = page[i + 1]
      kept = kept + 1
    else
      redis.call('ZREM', KEYS[1], page[i])
    end
  end
end
return found
`
