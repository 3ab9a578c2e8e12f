/** Whether a sample got the outcome that it must get, and for the reason it must get it. Pure. */
import type { Brief, Draft, Escalation, Knowledge, Policy, Reply } from '@concord/contracts'
import type { Sample } from '@concord/domain'
import type { LogEntry } from '../log/entry.ts'
import type { RequestResult } from '../requests/outcomes.ts'

/** @returns what is not as expected, in sentences; empty when all is. */
export function unmet(expect: Sample['expect'], result: RequestResult, entries: readonly LogEntry[]): string[] {
  const grounds = groundsIn(entries)
  const text = (result.reply ?? '').toLowerCase()
  const layers = result.conflicts.map(({ layer }) => layer as string)
  return [
    ...(result.outcome === expect.outcome ? [] : [`outcome is ${result.outcome} (${result.reason}), not ${expect.outcome}`]),
    ...(expect.reason === undefined || result.reason === expect.reason
      ? []
      : [`reason is ${result.reason}, not ${expect.reason}`]),
    ...expect.by.filter((ground) => !grounds.has(ground)).map((ground) => `${ground} decided nothing`),
    ...expect.says.filter((words) => !text.includes(words.toLowerCase())).map((words) => `the reply does not say "${words}"`),
    ...expect.doesNotSay.filter((words) => text.includes(words.toLowerCase())).map((words) => `the reply says "${words}"`),
    ...expect.does.filter((action) => !result.actions.includes(action)).map((action) => `${action} was not done`),
    ...expect.conflicts.filter((layer) => !layers.includes(layer)).map((layer) => `the layer ${layer} found nothing`),
  ]
}

/** Rules, articles and tools on which the case's messages rest. */
function groundsIn(entries: readonly LogEntry[]): Set<string> {
  const of = <T>(noun: string) => entries.filter((entry) => entry.noun === noun).map(({ value }) => value as unknown as T)
  const conflicts = of<Reply>('replies').flatMap((reply) => reply.conflicts)
  const claims = [...of<Knowledge>('knowledge'), ...of<Policy>('policy'), ...of<Brief>('briefs')].flatMap(
    (message) => message.claims,
  )
  return new Set([
    ...claims.flatMap(({ source }) => [source.ref, source.ref.split('@', 1)[0] ?? '']),
    ...of<Policy>('policy').flatMap(({ verdicts, toolResults }) => [
      ...verdicts.map(({ rule }) => rule),
      ...toolResults.map(({ tool }) => tool),
    ]),
    ...of<Escalation>('escalations').flatMap(({ verdicts }) => verdicts.map(({ rule }) => rule)),
    ...of<Draft>('drafts').flatMap(({ citations }) => citations.map(({ claim }) => claim)),
    ...conflicts.flatMap(({ left, right }) => [left.ref, right.ref]),
  ])
}
