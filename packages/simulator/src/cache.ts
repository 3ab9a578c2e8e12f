/** Remembers `make(key)` for the last `limit` keys used: prompts repeat their long sections with every request. */
export function cached<V>(limit: number, make: (key: string) => V): (key: string) => V {
  const entries = new Map<string, V>()
  return (key) => {
    const known = entries.get(key)
    const value = known === undefined ? make(key) : known
    entries.delete(key)
    entries.set(key, value)
    if (entries.size > limit) entries.delete(entries.keys().next().value!)
    return value
  }
}
