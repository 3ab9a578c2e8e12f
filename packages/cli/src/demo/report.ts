/** What a person reads after the demo: the table of outcomes, the shares, and one contradiction told in full. */
import type { Finding, Reply } from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'
import type { RequestResult } from '../requests/outcomes.ts'
import { table } from '../table.ts'

export interface SampleRow {
  id: string
  shows: string
  result: RequestResult
  unmet: string[]
}

export function outcomeTable(rows: readonly SampleRow[]): string {
  return table(
    ['request', 'shows', 'outcome', 'why', 'ms', ''],
    rows.map(({ id, shows, result, unmet }) => [
      id,
      shows,
      result.outcome,
      result.reason,
      String(result.ms),
      unmet.length === 0 ? 'ok' : 'NOT AS EXPECTED',
    ]),
  )
}

/** How many requests ended how, and why. */
export function shares(results: readonly RequestResult[]): { outcome: string; reason: string; count: number; share: number }[] {
  const counts = new Map<string, number>()
  for (const { outcome, reason } of results) counts.set(`${outcome}\n${reason}`, (counts.get(`${outcome}\n${reason}`) ?? 0) + 1)
  return [...counts]
    .map(([key, count]) => {
      const [outcome = '', reason = ''] = key.split('\n')
      return { outcome, reason, count, share: count / results.length }
    })
    .sort((a, b) => b.count - a.count)
}

export function shareTable(results: readonly RequestResult[]): string {
  const rows = shares(results).map(({ outcome, reason, count, share }) => [
    outcome,
    reason,
    String(count),
    `${(100 * share).toFixed(1)} %`,
  ])
  return table(['outcome', 'why', 'requests', 'share'], rows)
}

/** The contradiction worth telling: the gravest, and among equals one that an agent's own words caused. */
export function storyOf(entries: readonly LogEntry[]): string | null {
  const rank = { critical: 2, major: 1, minor: 0 }
  const replies = entries.filter(({ noun }) => noun === 'replies').map(({ value }) => value as unknown as Reply)
  const told = replies
    .flatMap((reply) => reply.conflicts.map((finding) => ({ reply, finding })))
    .sort((a, b) => rank[b.finding.severity] - rank[a.finding.severity])[0]
  return told === undefined ? null : story(told.reply, told.finding)
}

function story(reply: Reply, { sentence, left, right, layer, severity, settledBy }: Finding): string {
  return [
    `A contradiction, found by the layer "${layer}" (${severity}), in ${reply.envelope.requestId}:`,
    `  the customer wrote   ${JSON.stringify(reply.envelope.request.text)}`,
    `  ${left.agent.padEnd(20)} ${left.statement}   [${left.ref}]`,
    `  ${right.agent.padEnd(20)} ${right.statement}   [${right.ref}]`,
    `  so                   ${sentence}`,
    `  settled by           ${settledBy ?? 'nobody yet: a person has been asked'}`,
    `  outcome              ${reply.outcome} (${reply.reason})${reply.text === null ? '' : `: ${reply.text}`}`,
  ].join('\n')
}
