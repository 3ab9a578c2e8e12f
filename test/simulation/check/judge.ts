/** Every invariant that can be seen from outside, asked of one run. */
import { createCoordinator } from '@concord/coordinator'
import { serviceNames, type ServiceName } from '@concord/dev-env'
import type { Fixtures } from '../fixtures.ts'
import { doneIsDone, onlyApproved } from './actions.ts'
import { badInput } from './bad-input.ts'
import { checked } from './checked.ts'
import { deadlinesLast } from './deadlines.ts'
import { endsOnce } from './ends-once.ts'
import type { Check, Facts } from './facts.ts'
import { effectOnce, historyFirst, journalOf } from './journal.ts'
import { bulkheads, permits, rates } from './limits.ts'
import { nothingStuck } from './nothing-stuck.ts'
import { oneTrace } from './one-trace.ts'
import { inOrder } from './order.ts'
import { outputsBeforeOffsets } from './outputs-before-offsets.ts'
import { sameBytes } from './same-bytes.ts'
import { workOnce } from './work-once.ts'

export interface Violation {
  invariant: string
  what: string
}

/** Names what was broken, and how. */
export type Judge = (facts: Facts) => Violation[]

export function createJudge({ domain, consumed }: Pick<Fixtures, 'domain' | 'consumed'>): Judge {
  const { wording, replies, actions } = domain
  const { rejectedByPerson } = replies
  const readers = (topic: string): ServiceName[] => serviceNames.filter((name) => consumed[name].includes(topic))
  const checks: Record<string, Check> = {
    'nothing stuck': nothingStuck,
    '1 every request ends once': endsOnce,
    '1 one id, one content': sameBytes,
    '1 a deadline speaks last': deadlinesLast,
    '2 nothing unchecked leaves': checked({ describe: wording.describe, promise: wording.promise, rejectedByPerson }),
    '3 outputs before offsets': outputsBeforeOffsets,
    '4 work happens once in effect': workOnce,
    '4 a message has its effect once': effectOnce,
    '5 order within a conversation': inOrder,
    '6 one trace': oneTrace,
    '8 the history is first': historyFirst,
    '7 late is dropped, 8 the history gives back the state': journalOf(createCoordinator({ domain })),
    '9 rates are rates': rates,
    '9 nobody goes without a permit': permits,
    '9 bulkheads are bulkheads': bulkheads,
    '10 only what was approved is written': onlyApproved,
    '10 what is said to be done is done': doneIsDone((action) => (actions.get(action)?.tool ?? null) !== null),
    '12 bad input is answered': badInput(readers),
  }
  return (facts) => Object.entries(checks).flatMap(([invariant, check]) => check(facts).map((what) => ({ invariant, what })))
}
