/** Requests as a producer writes them that checks nothing. */
import { Request, requests, type Topic } from '@concord/contracts'
import type { World } from '../e2e/world.ts'

const unchecked = { ...requests, schema: { safeParse: (data: unknown) => ({ success: true, data }) } } as unknown as Topic<
  string,
  unknown
>

/** Bytes that follow the Avro schema and may break every other rule. */
export function avroOf(world: World, { tenantId, requestId, text, ...changes }: Record<string, unknown>): Promise<Buffer> {
  const whole = Request.parse({ tenantId: 'x', requestId: 'x', text: 'x' })
  return world.constellation.codec.encode(unchecked, { ...whole, tenantId, requestId, text, ...changes })
}
