import { table } from '../table.ts'
import type { RebuildRow } from './rebuild.ts'

const columns = ['read', 'written', 'kept', 'omitted', 'broken'] as const

/** A line for each partition, and their sum. */
export function renderRebuild(rows: readonly RebuildRow[], dryRun: boolean): string {
  const cells = rows.map((row) => [String(row.partition), ...columns.map((name) => String(row[name]))])
  const sums = columns.map((name) => rows.reduce((sum, row) => sum + row[name], 0))
  const head = ['partition', 'cases read', dryRun ? 'to write' : 'written', ...columns.slice(2)]
  return table(head, [...cells, ['all', ...sums.map(String)]])
}
