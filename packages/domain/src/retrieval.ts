/** Finds the passages that bear on a text: BM25 over titles and bodies, within what the asker may read and what is valid. */
import MiniSearch from 'minisearch'
import type { Article, ArticlePassage } from './articles.ts'
import { searchTerm } from './stem.ts'

export interface SearchQuery {
  text: string
  /** Words that tell what it is about; they weigh less than the text's own. */
  hint?: string
  accessGroups: readonly string[]
  /** Milliseconds since the epoch: only what is valid then is found. */
  at: number
  limit: number
}

export interface Hit {
  passage: ArticlePassage
  article: Article
  /** BM25: comparable within one search only. */
  score: number
}

/** Hits best first; equal scores in the order of passage ids, so that a search repeats itself. */
export type Search = (query: SearchQuery) => Hit[]

const hintWeight = 0.1
const titleBoost = 2
/** What a customer is after stands in the first characters; a text of twenty thousand must not hold everybody up. */
const longestQuery = 2_000

export function createSearch(articles: readonly Article[]): Search {
  const entries = new Map(articles.flatMap((article) => article.passages.map((passage) => [passage.id, { passage, article }])))
  const index = new MiniSearch<ArticlePassage>({ fields: ['title', 'text'], processTerm: searchTerm })
  index.addAll([...entries.values()].map(({ passage }) => passage))

  return ({ text, hint = '', accessGroups, at, limit }) => {
    const asked = text.slice(0, longestQuery)
    const own = termsOf(asked)
    return index
      .search(`${asked} ${hint}`, {
        boost: { title: titleBoost },
        boostTerm: (term) => (own.has(term) ? 1 : hintWeight),
        fuzzy: (term) => (term.length > 5 ? 0.2 : false),
        weights: { fuzzy: 0.4, prefix: 0.4 },
        filter: ({ id }) => readable(entries.get(id as string)!.article, accessGroups, at),
      })
      .map(({ id, score }) => ({ ...entries.get(id as string)!, score }))
      .sort((a, b) => b.score - a.score || (a.passage.id < b.passage.id ? -1 : 1))
      .slice(0, limit)
  }
}

function readable(article: Article, accessGroups: readonly string[], at: number): boolean {
  const valid = (article.validFrom ?? -Infinity) <= at && at < (article.validUntil ?? Infinity)
  return valid && article.accessGroups.some((group) => accessGroups.includes(group))
}

const tokenize = MiniSearch.getDefault('tokenize') as (text: string) => string[]

function termsOf(text: string): Set<string> {
  return new Set(tokenize(text).flatMap((word) => searchTerm(word) ?? []))
}
