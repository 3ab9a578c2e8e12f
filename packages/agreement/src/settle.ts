/** What authority can settle, it settles; what is critical or between equals stays open. */
import { contentHash, type Claim, type Finding, type Vocabulary } from '@concord/contracts'
import { claimConflicts, type ClaimConflict, type Claimed, type Describe } from './claims-layer.ts'
import { sameValue } from './values.ts'

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

  const dropped = withTheirQuotes(claims, losers)
  return {
    agreed: claims.filter((claimed) => !dropped.includes(claimed)),
    dropped,
    settled: conflicts.filter(isSettled).map(({ finding }) => ({ ...finding, settledBy: 'authority' })),
    open: conflicts.filter((conflict) => !isSettled(conflict)).map(({ finding }) => finding),
  }
}

/**
 * What a person may rest on while conflicts are open: every claim that no more authoritative one contradicts, whether the
 * conflict is critical or not. Between claims of one rank it is theirs to decide.
 */
export function notOutranked(claims: readonly Claimed[], vocabulary: Vocabulary, describe: Describe): Claimed[] {
  const conflicts = claimConflicts(claims, vocabulary, describe)
  const losers = new Set(conflicts.map((conflict) => lessAuthoritative(conflict, vocabulary)).filter((loser) => loser !== null))
  const dropped = withTheirQuotes(claims, losers)
  return claims.filter((claimed) => !dropped.includes(claimed))
}

/** The claims, and every quote from a document that one of them came from. */
function withTheirQuotes(claims: readonly Claimed[], losers: ReadonlySet<Claimed>): Claimed[] {
  const distrusted = new Set([...losers].map(({ claim }) => documentOf(claim)).filter((document) => document !== null))
  return claims.filter((claimed) => losers.has(claimed) || isQuoteFrom(claimed.claim, distrusted))
}

/** Of claims that say the same of the same, the one with the most authority: a reply need not say it twice. */
export function withoutRepeats(claims: readonly Claim[], vocabulary: Vocabulary): Claim[] {
  const same = (a: Claim, b: Claim) =>
    a.subject === b.subject &&
    a.predicate === b.predicate &&
    a.polarity === b.polarity &&
    contentHash(a.scope) === contentHash(b.scope) &&
    sameValue(a.value, b.value)
  return claims.filter((claim, index) =>
    claims.every((other, place) => {
      if (other === claim || !same(claim, other)) return true
      const difference = rank(claim, vocabulary) - rank(other, vocabulary)
      return difference < 0 || (difference === 0 && index < place)
    }),
  )
}

function lessAuthoritative({ left, right }: ClaimConflict, vocabulary: Vocabulary): Claimed | null {
  const difference = rank(left.claim, vocabulary) - rank(right.claim, vocabulary)
  if (difference === 0) return null
  return difference > 0 ? left : right
}

/** Place in the predicate's order of authority; a kind of source that it does not name comes last. */
function rank({ predicate, source }: Claim, vocabulary: Vocabulary): number {
  const authority = vocabulary.get(predicate)?.authority ?? []
  const index = authority.indexOf(source.kind)
  return index === -1 ? authority.length : index
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
