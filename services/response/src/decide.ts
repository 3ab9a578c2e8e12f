/** From the model's answer to a draft: quotes become spans, citations name their sources, promises are typed. Pure. */
import { contentHash, type Basis, type Brief, type Citation, type Claim, type Commitment, type Draft } from '@concord/contracts'
import type { ResponseAnswer } from './answer.ts'
import { refusals } from './prompt.ts'

export type Drafted = Omit<Draft, 'envelope'>

export function decide(brief: Brief, answer: ResponseAnswer): Drafted {
  const obligations = new Set(brief.obligations.map(({ id }) => id))
  return {
    text: answer.text,
    citations: locate(answer, sources(brief)),
    commitments: answer.commitments.map(toCommitment).slice(0, 50),
    claims: [],
    obligationsMet: [...new Set(answer.obligationsMet)].filter((id) => obligations.has(id)),
    confidence: answer.confidence,
  }
}

/** What the draft rests on beside the brief: the claims that it cites, as they stood in the brief. */
export function claimsUsed(brief: Brief, { citations }: Pick<Drafted, 'citations'>): Basis[] {
  const cited = new Set(citations.map(({ claim }) => claim))
  return brief.claims.filter(({ id }) => cited.has(id)).map((claim) => ({ id: claim.id, hash: contentHash(claim) }))
}

/** Citations as spans of the text, in its order. A quote that the text does not hold is dropped, and so is a claim never given. */
function locate({ text, citations }: ResponseAnswer, sourceOf: ReadonlyMap<string, string>): Citation[] {
  const found = citations.flatMap(({ claim, quote }) => {
    const words = quote.trim()
    const start = words === '' ? -1 : text.indexOf(words)
    const source = sourceOf.get(claim)
    return start === -1 || source === undefined ? [] : [{ start, end: start + words.length, claim, source }]
  })
  const unique = new Map(found.map((citation) => [`${citation.claim} ${citation.start} ${citation.end}`, citation]))
  return [...unique.values()].toSorted((a, b) => a.start - b.start || a.end - b.end).slice(0, 100)
}

/** What a reader can look up for each id that may be cited. */
function sources(brief: Brief): Map<string, string> {
  return new Map([
    ...brief.claims.map((claim) => [claim.id, sourceOfClaim(brief, claim)] as const),
    ...refusals(brief).map(({ id, rule }) => [id, rule] as const),
  ])
}

function sourceOfClaim({ passages }: Brief, { source }: Claim): string {
  const passage = source.kind === 'passage' ? passages.find(({ id }) => id === source.ref) : undefined
  return passage === undefined ? source.ref : `${passage.title}, version ${passage.version}`
}

function toCommitment({ action, subject, amountMinor, currency, due }: ResponseAnswer['commitments'][number]): Commitment {
  const amount = amountMinor === null || currency === null ? null : { minor: amountMinor, currency }
  // Many models write an empty text where they mean nothing.
  return { action, subject, amount, due: due?.trim() || null }
}
