import { table } from '../table.ts'
import type { LagRow } from './lag.ts'

/** One line for each group and topic, its partitions side by side, and the totals. */
export function renderLag(rows: readonly LagRow[]): string {
  const lines = [...Map.groupBy(rows, ({ group, topic }) => `${group} ${topic}`)].map(([reader, partitions]) => [
    ...reader.split(' '),
    String(total(partitions)),
    partitions.map(({ lag }) => lag).join(' '),
  ])
  const groups = [...Map.groupBy(rows, ({ group }) => group)].map(([group, own]) => `${group} ${total(own)}`)
  return [
    table(['group', 'topic', 'behind', 'by partition'], lines, 60),
    '',
    `${total(rows)} records to be handled: ${groups.join(', ')}`,
  ].join('\n')
}

/** Records not yet handled. */
export const total = (rows: readonly LagRow[]): number => rows.reduce((sum, { lag }) => sum + lag, 0)
