/** Claims made from the domain's own statements. Ids are derived, so the same statement is the same claim in every message. */
import { ClaimValue, contentHash, type Claim, type Predicate } from '@concord/contracts'
import type { Article, ArticlePassage } from './articles.ts'
import type { FactRule } from './format.ts'

/** Whether an intent's `about` names the predicate: by its id, or by a prefix that ends in a dot. Nothing named: all bear on it. */
export function bearsOn(about: readonly string[], predicate: string): boolean {
  return about.length === 0 || about.some((entry) => entry === predicate || (entry.endsWith('.') && predicate.startsWith(entry)))
}

/** An article's typed facts, resting on the passage that was found. */
export function articleClaims(article: Article, passage: ArticlePassage, domainName: string, confidence: number): Claim[] {
  return article.facts.map((fact, at) => ({
    id: `passage:${article.id}@${article.version}/${at}`,
    subject: fact.subject ?? domainName,
    predicate: fact.predicate,
    value: fact.value,
    polarity: fact.polarity,
    scope: fact.scope,
    validFrom: article.validFrom,
    validUntil: article.validUntil,
    source: { kind: 'passage', ref: passage.id, version: article.version },
    confidence,
  }))
}

/** A verbatim quote as a claim: `says` of its article. */
export function quoteClaim(article: Article, passage: ArticlePassage, quote: string, confidence: number): Claim {
  return {
    id: `passage:${passage.id}/says/${contentHash(quote).slice(0, 8)}`,
    subject: `article:${article.id}`,
    predicate: 'says',
    value: valueOf('text', quote, null, ''),
    polarity: 'affirmed',
    scope: {},
    validFrom: article.validFrom,
    validUntil: article.validUntil,
    source: { kind: 'passage', ref: passage.id, version: article.version },
    confidence,
  }
}

/** A rule that states a fact, as policy's claim. */
export function ruleClaim(fact: FactRule, domainName: string, domainVersion: string): Claim {
  return {
    id: `rule:${fact.id}`,
    subject: fact.subject ?? domainName,
    predicate: fact.predicate,
    value: fact.value,
    polarity: fact.polarity,
    scope: fact.scope,
    validFrom: null,
    validUntil: null,
    source: { kind: 'rule', ref: fact.id, version: domainVersion },
    confidence: 1,
  }
}

/**
 * Fills a claim's value from what an expression yielded.
 * @throws ZodError where it does not fit the kind: a money value from a text, a date that is none.
 */
export function valueOf(kind: Predicate['kind'], filling: unknown, unit: string | null, currency: string): ClaimValue {
  switch (kind) {
    case 'boolean':
      return ClaimValue.parse({ kind, boolean: filling })
    case 'quantity':
    case 'duration':
      return ClaimValue.parse({ kind, number: filling, unit })
    case 'money':
      return ClaimValue.parse({ kind, minor: filling, currency })
    case 'date':
      return ClaimValue.parse({ kind, date: filling })
    case 'range':
      return ClaimValue.parse({ kind, ...(filling as { min?: number; max?: number }), unit })
    case 'text':
      return ClaimValue.parse({ kind, text: typeof filling === 'number' ? String(filling) : filling })
    case 'set':
      return ClaimValue.parse({ kind, items: filling })
  }
}
