/** What authority can settle, it settles; what is critical or between equals stays open. */
import type { Claim, Finding, Vocabulary } from '@concord/contracts'
import { claimConflicts, type ClaimConflict, type Claimed, type Describe } from './claims-layer.ts'

/** What stands after the claims were compared. */
export interface Settlement {
  /** Claims that nothing contradicts any more. */
  agreed: Claimed[]
  /** Claims that lost to a more authoritative one, or that come from a document that did. */
  dropped: Claimed[]
  settled: Finding[]
  /** Conflicts that need a person. */
  open: Finding[]
}

/**
 * Compares all claims and settles by the vocabulary's order of authority. Two claims of one rank stay open, unless one of
 * them has lost to a third that outranks both.
 */
export function settle(claims: readonly Claimed[], vocabulary: Vocabulary, describe: Describe): Settlement {
  const conflicts = claimConflicts(claims, vocabulary, describe)
  const decidable = conflicts.filter(({ finding }) => finding.severity !== 'critical')
  const losers = new Set(decidable.map((conflict) => lessAuthoritative(conflict, vocabulary)).filter((loser) => loser !== null))
  const isSettled = (conflict: ClaimConflict) =>
    decidable.includes(conflict) && (losers.has(conflict.left) || losers.has(conflict.right))

  const distrusted = new Set([...losers].map(({ claim }) => documentOf(claim)).filter((document) => document !== null))
  const dropped = claims.filter((claimed) => losers.has(claimed) || isQuoteFrom(claimed.claim, distrusted))
  return {
    agreed: claims.filter((claimed) => !dropped.includes(claimed)),
    dropped,
    settled: conflicts.filter(isSettled).map(({ finding }) => ({ ...finding, settledBy: 'authority' })),
    open: conflicts.filter((conflict) => !isSettled(conflict)).map(({ finding }) => finding),
  }
}

function lessAuthoritative({ left, right }: ClaimConflict, vocabulary: Vocabulary): Claimed | null {
  const authority = vocabulary.get(left.claim.predicate)?.authority ?? []
  const rank = (claimed: Claimed): number => {
    const index = authority.indexOf(claimed.claim.source.kind)
    return index === -1 ? authority.length : index
  }
  const difference = rank(left) - rank(right)
  if (difference === 0) return null
  return difference > 0 ? left : right
}

/** A document that lost on a fact is not quoted either: its sentences state that fact too. */
function isQuoteFrom(claim: Claim, documents: ReadonlySet<string>): boolean {
  const document = documentOf(claim)
  return claim.predicate === 'says' && document !== null && documents.has(document)
}

/** A passage's reference is `document@version#chunk`. */
function documentOf(claim: Claim): string | null {
  if (claim.source.kind !== 'passage') return null
  return claim.source.ref.split('@', 1)[0] ?? null
}
