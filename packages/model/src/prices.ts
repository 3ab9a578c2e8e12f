/** Prices of one model, in units of the price book's currency for a million tokens. */
export interface Price {
  input: number
  /** For input tokens that the endpoint had cached; the input price where it is left out. */
  cachedInput?: number
  output: number
}

/** By the model's name as responses say it. */
export type PriceBook = Readonly<Record<string, Price>>

export interface TokenUse {
  inputTokens: number
  /** Part of `inputTokens`. */
  cachedInputTokens: number
  outputTokens: number
}

/** Millionths of the currency, rounded; null when the book has no price for the model. */
export function costMicros(use: TokenUse, price: Price | undefined): number | null {
  if (price === undefined) return null
  const fresh = use.inputTokens - use.cachedInputTokens
  return Math.round(
    fresh * price.input + use.cachedInputTokens * (price.cachedInput ?? price.input) + use.outputTokens * price.output,
  )
}
