/** What is asked: plain questions that run through every agent and are answered without a call of a tool. */
import { fileURLToPath } from 'node:url'
import { Request } from '@concord/contracts'

/** A domain of the tests: small, so that the figures are of the constellation and not of its articles. */
export const domainFolder = fileURLToPath(new URL('../../test/domains/clinic', import.meta.url))

const texts = [
  'Are you open on Saturday mornings?',
  'Which insurance plans do you accept?',
  'How long do blood test results take?',
]

/** How many kinds of request there are. */
export const distinctTexts = texts.length

/** Long enough for a backlog to be worked off. Milliseconds. */
const caseMs = 900_000

/** The request of that number, each a conversation of its own. @param run tells the requests of one run from those of every other */
export function requestOf(run: string, number: number): Request {
  return Request.parse({
    tenantId: 'bench',
    requestId: `${run}-${number}`,
    text: texts[number % texts.length],
    deadline: Date.now() + caseMs,
  })
}
