/** The passages that the model chooses from: found by the customer's words, within what they may read, about what triage understood. */
import type { Envelope } from '@concord/contracts'
import { bearsOn, type Article, type Domain, type Hit, type Intent, type SearchQuery } from '@concord/domain'

/** Words from which a message can be understood alone: "and for shoes?" cannot. */
const enoughWords = 6
const earlierTurns = 2
/** Passages that are looked at, and as many as the model is shown. */
const most = { found: 20, shown: 6 }

/** Best first. */
export function retrieve({ search }: Pick<Domain, 'search'>, asked: Pick<Envelope, 'request'>, intent: Intent): Hit[] {
  return search(queryFor(asked, intent))
    .filter(({ article }) => isAbout(article, intent))
    .slice(0, most.shown)
}

export function queryFor({ request }: Pick<Envelope, 'request'>, intent: Intent): SearchQuery {
  const short = request.text.trim().split(/\s+/).length < enoughWords
  const said = request.history.filter(({ role }) => role === 'customer').map(({ text }) => text)
  return {
    text: request.text,
    hint: [intent.description, ...(short ? said.slice(-earlierTurns) : [])].join(' '),
    accessGroups: request.accessGroups,
    at: request.receivedAt,
    limit: most.found,
  }
}

/** An article that states facts, none of which bears on what is asked, is about something else, whatever words it shares. */
function isAbout({ facts }: Article, { about }: Intent): boolean {
  return facts.length === 0 || facts.some(({ predicate }) => bearsOn(about, predicate))
}
