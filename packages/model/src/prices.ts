/** What tokens cost, by model and date. */

/** Prices of one model, in units of the price book's currency for a million tokens. */
export interface Price {
  input: number
  /** For input tokens that the endpoint had cached; the input price where it is left out. */
  cachedInput?: number
  output: number
}

/** A price from a day on, until a later one begins. */
export interface DatedPrice extends Price {
  /** As responses name it. */
  model: string
  /** Name of the endpoint; any where it is left out. */
  endpoint?: string
  /** Milliseconds since the epoch, inclusive. */
  from: number
}

export interface Prices {
  /** The price that held at `at`, of this very endpoint before that of any; undefined where the book has none. */
  priceOf(model: string, endpoint: string, at: number): Price | undefined
}

/** Undated, by the model's name as responses say it. */
export type PriceBook = Readonly<Record<string, Price>>

export interface TokenUse {
  inputTokens: number
  /** Part of `inputTokens`. */
  cachedInputTokens: number
  outputTokens: number
}

export function createPrices(book: readonly DatedPrice[]): Prices {
  const newestFirst = book.toSorted((a, b) => b.from - a.from)
  return {
    priceOf(model, endpoint, at) {
      const held = newestFirst.filter((price) => price.model === model && price.from <= at)
      return held.find((price) => price.endpoint === endpoint) ?? held.find((price) => price.endpoint === undefined)
    },
  }
}

export function undatedPrices(book: PriceBook): Prices {
  return { priceOf: (model) => (Object.hasOwn(book, model) ? book[model] : undefined) }
}

/** Millionths of the currency, rounded; null when the book has no price for the model. */
export function costMicros(use: TokenUse, price: Price | undefined): number | null {
  if (price === undefined) return null
  const fresh = use.inputTokens - use.cachedInputTokens
  return Math.round(
    fresh * price.input + use.cachedInputTokens * (price.cachedInput ?? price.input) + use.outputTokens * price.output,
  )
}
