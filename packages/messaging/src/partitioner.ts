const seed = 0x9747b28c
const m = 0x5bd1e995

/** The 32-bit MurmurHash2 that Kafka's Java clients use, as a signed integer. */
export function murmur2(key: Uint8Array): number {
  const { length } = key
  const view = new DataView(key.buffer, key.byteOffset, length)
  let hash = seed ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let word = Math.imul(view.getInt32(at, true), m)
    word = Math.imul(word ^ (word >>> 24), m)
    hash = Math.imul(hash, m) ^ word
  }
  if (at < length) hash = Math.imul(hash ^ tail(key, at), m)
  hash = Math.imul(hash ^ (hash >>> 13), m)
  return hash ^ (hash >>> 15)
}

/** The one to three last bytes, little endian. */
function tail(key: Uint8Array, from: number): number {
  let bytes = 0
  for (let at = key.length - 1; at >= from; at--) bytes = (bytes << 8) | (key[at] ?? 0)
  return bytes
}

/** The partition of a key: the same in every client that keeps Kafka's default. */
export function partitionOf(key: string | Uint8Array, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  return (murmur2(bytes) & 0x7fffffff) % partitions
}
