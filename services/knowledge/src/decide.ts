/** From the passages found and the model's choice among them to claims. Pure. */
import type { Claim, Knowledge, Passage } from '@concord/contracts'
import { articleClaims, bearsOn, quoteClaim, type Hit, type Intent } from '@concord/domain'
import type { KnowledgeAnswer } from './answer.ts'

export interface Decided {
  content: Omit<Knowledge, 'envelope'>
  /** Quotes that do not stand in their passage, and were left out. */
  invented: number
}

const longestQuote = 2_000
const most = { claims: 100, passages: 20 }

/** Nothing found, said so that nobody waits for more. */
export const nothing: Omit<Knowledge, 'envelope'> = { claims: [], passages: [], confidence: 0 }

export function decide(domainName: string, intent: Intent, hits: readonly Hit[], answer: KnowledgeAnswer): Decided {
  const chosen = choose(hits, answer)
  const invented = chosen.filter(({ quote, asked }) => quote === null && asked).length
  const claims = unique([
    ...chosen.flatMap(({ hit, quote }) =>
      quote === null ? [] : [quoteClaim(hit.article, hit.passage, quote, answer.confidence)],
    ),
    ...chosen
      .flatMap(({ hit }) => articleClaims(hit.article, hit.passage, domainName, answer.confidence))
      .filter(bearing(intent)),
  ]).slice(0, most.claims)
  const passages = chosen.filter(({ hit }) => claims.some(({ source }) => source.ref === hit.passage.id)).map(toPassage)
  return {
    content: {
      claims,
      passages: unique(passages).slice(0, most.passages),
      confidence: claims.length === 0 ? 0 : answer.confidence,
    },
    invented,
  }
}

interface Chosen {
  hit: Hit
  /** Verbatim; null when none was given or it does not stand in the passage. */
  quote: string | null
  asked: boolean
}

/** Best passages first, whatever the order in which the model named them. */
function choose(hits: readonly Hit[], { selected }: KnowledgeAnswer): Chosen[] {
  return hits.flatMap((hit) =>
    selected
      .filter(({ passage }) => passage === hit.passage.id)
      .map(({ quote }) => ({ hit, quote: verbatim(quote, hit.passage.text), asked: quote.trim() !== '' })),
  )
}

/** The quote as it stands in the text, white space apart; null when it does not. */
function verbatim(quote: string, text: string): string | null {
  const words = spaced(quote)
  return /[\p{L}\p{N}]/u.test(words) && words.length <= longestQuote && spaced(text).includes(words) ? words : null
}

const spaced = (text: string): string => text.trim().replace(/\s+/g, ' ')

const bearing =
  ({ about }: Intent) =>
  ({ predicate }: Claim): boolean =>
    bearsOn(about, predicate)

function toPassage({ hit, quote }: Chosen): Passage {
  return { ...hit.passage, score: hit.score, quote }
}

/** The first of each id. */
function unique<T extends { id: string }>(items: readonly T[]): T[] {
  return items.filter(({ id }, at) => items.findIndex((other) => other.id === id) === at)
}
