import { isUtf8 } from 'node:buffer'
import type { Headers } from '@concord/messaging'

/** The headers that are text and stand once. The others, and those without a value, are kept as they are, and say nothing to us. */
export function headerTexts(headers: Headers): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (Buffer.isBuffer(value) && isUtf8(value)) texts[name] = value.toString('utf8')
  }
  return texts
}
