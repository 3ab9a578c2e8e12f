import type { Finding } from '@concord/contracts'

/** The start of a text, of at most so many UTF-16 units; no character is cut in two. */
export function clipped(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/u, '')
}

/** A finding as its contract takes it: what it quotes may have any length. */
export function fitting(finding: Omit<Finding, 'settledBy'> & Partial<Pick<Finding, 'settledBy'>>): Finding {
  const side = ({ agent, ref, statement }: Finding['left']) => ({ agent, ref, statement: clipped(statement, 4_000) })
  const { left, right, sentence, settledBy = null } = finding
  return { ...finding, sentence: clipped(sentence, 2_000), left: side(left), right: side(right), settledBy }
}
