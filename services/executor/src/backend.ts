/** The domain's write tools as the back end of one action. */
import { Fault, type Action } from '@concord/contracts'
import type { WriteTools } from '@concord/domain'
import type { Backend } from './carry-out.ts'

export interface BoundWrite {
  tool: string
  args: Record<string, unknown>
}

export function bindBackend(
  tools: WriteTools,
  { key, recordVersion }: Pick<Action, 'key' | 'recordVersion'>,
  { tool, args }: BoundWrite,
): Backend {
  // A header holds ASCII only, an id any letters.
  const idempotencyKey = encodeURI(key)
  return {
    async asked(signal) {
      const operation = await tools.operation(idempotencyKey, { signal })
      if (operation === null) return null
      return { status: 'done', message: 'The back end has it on record as done.', recordVersion: null }
    },
    async write(signal) {
      try {
        return await tools.write(tool, args, { signal, idempotencyKey, recordVersion })
      } catch (error) {
        if (!(error instanceof Fault && error.code === 'tool_rejected')) throw error
        return { status: 'refused', message: 'The back end takes no such write.', recordVersion: null }
      }
    },
  }
}
