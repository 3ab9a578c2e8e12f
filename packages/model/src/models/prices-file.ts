/** `prices.yaml`: the price book. */
import { z } from 'zod'
import type { DatedPrice } from '../prices.ts'
import type { Problem } from './read-yaml.ts'

const price = z.number().min(0).max(1_000_000)

const PriceEntry = z.strictObject({
  /** As responses name it. */
  model: z.string().min(1).max(200),
  /** Name of an endpoint of `models.yaml`; any where it is left out. */
  endpoint: z.string().optional(),
  /** The first day on which it holds, in UTC. */
  from: z.iso.date(),
  input: price,
  cachedInput: price.optional(),
  output: price,
})

export const PricesFile = z.strictObject({
  /** ISO 4217. Prices are for a million tokens. */
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be three capitals, as USD' }),
  prices: z.array(PriceEntry),
})
export type PricesFile = z.infer<typeof PricesFile>

export function checkPrices({ prices }: PricesFile): Problem[] {
  const key = ({ model, endpoint = '', from }: PricesFile['prices'][number]) => JSON.stringify([model, endpoint, from])
  const keys = prices.map(key)
  return prices.flatMap((entry, index) =>
    keys.indexOf(key(entry)) === index
      ? []
      : [
          {
            path: `prices.${index}`,
            problem: `${entry.model} has another price from ${entry.from}.`,
            mend: 'Remove one of them.',
          },
        ],
  )
}

export function datedPrices({ prices }: PricesFile): DatedPrice[] {
  return prices.map(({ endpoint, cachedInput, from, ...entry }) => ({
    ...entry,
    from: Date.parse(from),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(cachedInput === undefined ? {} : { cachedInput }),
  }))
}
