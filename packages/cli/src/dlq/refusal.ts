import type { DeadLetter } from './dead-letter.ts'

/** A message that has come back so often is not sent again without thinking. */
export const mostReplays = 3

/** Why a letter is not replayed unless somebody insists, or null. */
export function refusal({ replays, settlements }: DeadLetter): string | null {
  const last = settlements.at(-1)
  if (last !== undefined) {
    const reason = last.reason === '' ? '' : ` (${last.reason})`
    return `it was ${last.action} by ${last.by} at ${new Date(last.at).toISOString()}${reason}. Use --force to send it again.`
  }
  if (replays < mostReplays) return null
  return `it has come back from ${replays} replays. Mend what gives it up first, then use --force.`
}
