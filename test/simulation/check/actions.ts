/** Invariant 10: only the executor writes, only what was approved, each once, each on the version that its verdict saw. */
import { actionResults, actions, caseEvents } from '@concord/contracts'
import type { BackEndWrite } from '../evidence.ts'
import { firsts, on, type Check, type Facts } from './facts.ts'

export const onlyApproved: Check = (facts) =>
  facts.writes
    .filter(({ changed }) => changed)
    .flatMap((write) => judge(facts, write).map((problem) => `${write.key}: ${problem}`))

function judge(facts: Facts, write: BackEndWrite): string[] {
  const problems: string[] = []
  if (write.service !== 'executor') problems.push(`${write.service} wrote.`)
  const orders = on(facts, actions).filter(({ value, seq }) => value.key === write.key && seq < write.seq)
  if (orders.length === 0) problems.push('it was written before it was ordered.')
  if (!orders.some(({ value }) => value.recordVersion === write.ifMatch))
    problems.push(`it was written on version ${write.ifMatch}, which no order names.`)
  const approved = on(facts, caseEvents).some(
    ({ value, seq }) => value.event === 'approved' && seq < write.seq && value.data.includes(JSON.stringify(write.key)),
  )
  if (!approved) problems.push('it was written before its approval was on record.')
  if (facts.writes.filter(({ key, changed }) => changed && key === write.key).length > 1) problems.push('it was written twice.')
  return [...problems, ...told(facts, write)]
}

/** What was done is told, and nobody says that it was not. */
function told(facts: Facts, write: BackEndWrite): string[] {
  const results = on(facts, actionResults).map((one) => ({ ...one, envelope: one.value.envelope }))
  const own = firsts(results).filter(({ value }) => value.key === write.key)
  if (own.length === 0) return ['it was done, and no result says so.']
  const denied = own.find(
    ({ value, seq }) =>
      seq > write.seq &&
      (value.status === 'refused' || value.status === 'conflict' || value.message.includes('nothing was done')),
  )
  return denied === undefined ? [] : [`it was done, and a result says ${denied.value.status}: ${denied.value.message}`]
}

/** A result that says done tells the truth. @param writes whether an action writes at all. */
export const doneIsDone =
  (writes: (action: string) => boolean): Check =>
  (facts) =>
    on(facts, actionResults)
      .filter(({ value }) => value.status === 'done' && writes(value.action))
      .filter(({ value, seq }) => !facts.writes.some((write) => write.changed && write.key === value.key && write.seq < seq))
      .map(({ value }) => `${value.key} is said to be done, and nothing was written.`)
