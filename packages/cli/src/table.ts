/** Columns of text, as wide as their widest cell, none wider than `max`. @param max for all, or for each column */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  max: number | readonly number[] = 44,
): string {
  const cut = (cell: string, column: number) => {
    const most = typeof max === 'number' ? max : (max[column] ?? Infinity)
    return cell.length > most ? `${cell.slice(0, most - 1)}…` : cell
  }
  const lines = [head, ...rows].map((row) => row.map(cut))
  const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)))
  const draw = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const [first = [], ...rest] = lines
  return [draw(first), widths.map((width) => '─'.repeat(width)).join('  '), ...rest.map(draw)].join('\n')
}
