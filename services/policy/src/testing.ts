/** For tests: a library's back end as a table, and an ask for it. */
import { canonicalJson, Fault, type Entity, type ToolResult, type Triage } from '@concord/contracts'
import { anEnvelope, aTriage } from '@concord/contracts/testing'
import type { ReadTools } from '@concord/domain'

export const testNow = Date.parse('2026-03-10T12:00:00Z')

export interface FakeTools extends ReadTools {
  /** Each call so far: tool and arguments. */
  readonly calls: string[]
}

/** @param records answers by tool and first argument, `get_loan L100`; anything else is not found, and a fault is thrown */
export function fakeTools(records: Readonly<Record<string, object | Fault>>): FakeTools {
  const calls: string[] = []
  return {
    calls,
    async read(tool, args): Promise<ToolResult> {
      const key = `${tool} ${String(Object.values(args)[0])}`
      calls.push(key)
      const found = records[key]
      if (found instanceof Fault) throw found
      const shared = { id: `tool:${key}`, tool, args: canonicalJson(args), at: testNow }
      if (found === undefined) return { ...shared, status: 'not_found', data: 'null', recordVersion: null }
      return { ...shared, status: 'found', data: JSON.stringify(found), recordVersion: '4' }
    },
  }
}

export const aLoan = {
  id: 'L100',
  memberId: 'M1',
  bookId: 'B1',
  renewals: 0,
  due: '2026-03-12',
  feeMinor: 250,
  waivedBefore: false,
  version: 4,
}

/** A triage of `M1` that names these entities. */
export function anAsk(intent: string, entities: Entity[] = [], customerId: string | null = 'M1'): Triage {
  const envelope = { ...anEnvelope(), customerId: customerId as Triage['envelope']['customerId'] }
  return aTriage({ intent, entities, envelope })
}

export const loan = (value = 'L100'): Entity => ({ kind: 'loan', value })

/** Takes log lines and says nothing. */
export const silent = { warn: (): void => undefined }
