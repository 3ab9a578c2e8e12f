/** Layer 1: claim against claim. Same subject and predicate, scope and validity that overlap, values that cannot both hold. */
import { contentHash, type Claim, type Finding, type Side, type Vocabulary } from '@concord/contracts'
import { clipped, fitting } from './finding.ts'
import { overlap, narrower } from './scope.ts'
import { compatible, sameValue } from './values.ts'

/** A claim and the agent that makes it. */
export interface Claimed {
  agent: string
  claim: Claim
}

/** A contradiction of two claims, with the claims themselves so that it can be settled. */
export interface ClaimConflict {
  finding: Finding
  left: Claimed
  right: Claimed
}

/** How a claim reads to a person. */
export type Describe = (claim: Claim) => string

/** Finds every pair of claims that cannot both hold. Predicates unknown to the vocabulary conflict when their values differ. */
export function claimConflicts(claims: readonly Claimed[], vocabulary: Vocabulary, describe: Describe): ClaimConflict[] {
  const conflicts: ClaimConflict[] = []
  for (const group of bySubjectAndPredicate(claims)) {
    for (const [index, left] of group.entries()) {
      for (const right of group.slice(index + 1)) {
        if (contradict(left.claim, right.claim, vocabulary) && !knownException(left, right, group, vocabulary)) {
          conflicts.push({ finding: finding(left, right, vocabulary, describe), left, right })
        }
      }
    }
  }
  return conflicts
}

function bySubjectAndPredicate(claims: readonly Claimed[]): Claimed[][] {
  const groups = new Map<string, Claimed[]>()
  for (const claimed of claims) {
    const key = `${claimed.claim.subject}\n${claimed.claim.predicate}`
    groups.set(key, [...(groups.get(key) ?? []), claimed])
  }
  return [...groups.values()]
}

function contradict(a: Claim, b: Claim, vocabulary: Vocabulary): boolean {
  if (!overlap(a, b)) return false
  const [left, right] = [affirmation(a), affirmation(b)]
  if (left.polarity === 'denied' && right.polarity === 'denied') return false
  const same = sameValue(left.value, right.value)
  if (left.polarity !== right.polarity) return same
  const how = vocabulary.get(a.predicate) ?? { compare: 'equal' as const, tolerance: 0 }
  return !same && !compatible(left.value, right.value, how)
}

/** To deny yes is to affirm no. */
function affirmation({ polarity, value }: Claim): Pick<Claim, 'polarity' | 'value'> {
  if (polarity === 'affirmed' || value.kind !== 'boolean') return { polarity, value }
  return { polarity: 'affirmed', value: { ...value, boolean: value.boolean !== true } }
}

/**
 * An exception is no contradiction: "14 days for electronics" beside "30 days" stands where the side that states
 * the narrow claim also states the wide one, or where both come from one source kind.
 */
function knownException(left: Claimed, right: Claimed, group: readonly Claimed[], vocabulary: Vocabulary): boolean {
  const [wide, narrow] = narrower(right.claim, left.claim) ? [left, right] : [right, left]
  if (!narrower(narrow.claim, wide.claim)) return false
  if (wide.agent === narrow.agent && wide.claim.source.kind === narrow.claim.source.kind) return true
  return group.some(
    (other) =>
      other.agent === narrow.agent &&
      other !== narrow &&
      narrower(narrow.claim, other.claim) &&
      !contradict(other.claim, wide.claim, vocabulary),
  )
}

function finding(left: Claimed, right: Claimed, vocabulary: Vocabulary, describe: Describe): Finding {
  const critical = vocabulary.get(left.claim.predicate)?.critical ?? false
  const quoted = (claimed: Claimed) => `${sayer(claimed)} says "${clipped(describe(claimed.claim), 700)}"`
  return fitting({
    id: `claims:${contentHash([left, right].map(({ agent, claim }) => `${agent} ${claim.id}`).sort())}`,
    layer: 'claims',
    kind: left.claim.polarity === right.claim.polarity ? 'claim_conflict' : 'claim_denied',
    severity: critical ? 'critical' : 'major',
    sentence: `${quoted(left)}, but ${quoted(right)}.`,
    left: side(left, describe),
    right: side(right, describe),
  })
}

const sayer = ({ agent, claim }: Claimed): string => `${agent} (${claim.source.kind} ${claim.source.ref})`

const side = ({ agent, claim }: Claimed, describe: Describe): Side => ({ agent, ref: claim.id, statement: describe(claim) })
