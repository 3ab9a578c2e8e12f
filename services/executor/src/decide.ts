/** What to do with an action before anything is touched. Pure. */
import { approvalHash, type Action } from '@concord/contracts'
import type { ActionSpec } from '@concord/domain'
import { z } from 'zod'
import type { Result } from './intents.ts'
import { refused } from './carry-out.ts'

export type Decided = { kind: 'result'; result: Result } | { kind: 'write'; tool: string; args: Record<string, unknown> }

/** @param spec of the action in the domain; undefined when the domain does not know it. */
export function decide(action: Action, spec: Pick<ActionSpec, 'tool'> | undefined): Decided {
  if (approvalHash(action) !== action.approvalHash) return refuse('What was approved is not what is asked for.')
  if (spec === undefined) return refuse('The domain has no such action.')
  if (spec.tool === null) {
    return { kind: 'result', result: { status: 'done', message: 'Nothing is written for this action.', recordVersion: null } }
  }
  const args = readArgs(action.args)
  return args === null ? refuse('The arguments are no JSON object.') : { kind: 'write', tool: spec.tool, args }
}

const refuse = (message: string): Decided => ({ kind: 'result', result: refused(message) })

const Args = z.record(z.string(), z.unknown())

function readArgs(text: string): Record<string, unknown> | null {
  try {
    return Args.parse(JSON.parse(text))
  } catch {
    return null
  }
}
