/** Fewer tokens than any tokeniser in use makes of this text: what exceeds a limit by this count exceeds it by any. */
export function tokensAtLeast(text: string): number {
  return Math.floor(text.length / charactersPerToken)
}

/** In long English text it is about 4.5; more is seen in runs of spaces only. */
const charactersPerToken = 8
