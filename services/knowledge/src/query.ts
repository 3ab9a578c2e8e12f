/** What to look for: the customer's words, what they were about before, and what triage understood. */
import type { Envelope } from '@concord/contracts'
import type { Intent, SearchQuery } from '@concord/domain'

/** Words from which a message can be understood alone: "and for shoes?" cannot. */
const enoughWords = 6
const earlierTurns = 2
/** As many passages as the model is shown. */
const limit = 6

export function queryFor({ request }: Pick<Envelope, 'request'>, intent: Intent): SearchQuery {
  const short = request.text.trim().split(/\s+/).length < enoughWords
  const said = request.history.filter(({ role }) => role === 'customer').map(({ text }) => text)
  return {
    text: request.text,
    hint: [intent.description, ...(short ? said.slice(-earlierTurns) : [])].join(' '),
    accessGroups: request.accessGroups,
    at: request.receivedAt,
    limit,
  }
}
