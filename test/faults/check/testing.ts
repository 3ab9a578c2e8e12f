/** Made-up sightings for the checker's own tests. */
import type { Evidence } from './check.ts'
import type { Body, Sighting } from './sighting.ts'

let offset = 0

export function aSighting(fields: Partial<Sighting> & { noun: string }): Sighting {
  const { noun } = fields
  const requestId = fields.requestId ?? 'r1'
  return {
    topic: `concord.${noun}.v1`,
    partition: 0,
    offset: offset++,
    at: offset,
    conversation: 'c1',
    requestId,
    messageId: `${noun}/${requestId}`,
    maker: noun,
    traceId: 'f'.repeat(32),
    content: `${noun}/${requestId}`,
    body: bodyOf(noun),
    ...fields,
  }
}

function bodyOf(noun: string): Body {
  if (noun === 'requests') return { kind: 'request' }
  if (noun === 'replies') return { kind: 'reply', outcome: 'answered', reason: 'agreed' }
  return { kind: 'message', revision: 0 }
}

export const aReply = (requestId: string, fields: Partial<Sighting> = {}): Sighting =>
  aSighting({ noun: 'replies', requestId, maker: 'coordinator', ...fields })

/** Two requests of one conversation, through all agents, each answered: nothing is wrong with it. */
export function goodSightings(): Sighting[] {
  const nouns = ['requests', 'triage', 'knowledge', 'policy', 'briefs', 'drafts', 'replies'] as const
  return nouns.flatMap((noun) => ['r1', 'r2'].map((requestId) => aSighting({ noun, requestId })))
}

export function evidence(fields: Partial<Evidence> = {}): Evidence {
  return {
    asked: ['r1', 'r2'],
    sightings: goodSightings(),
    askings: [],
    happenings: [],
    committed: [],
    since: 0,
    mendedAt: 0,
    ...fields,
  }
}
