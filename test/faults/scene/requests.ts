/** What is asked under faults: the domain's samples, each time in other words, four to a conversation. */
import { parseRequest } from '@concord/cli'
import type { Request } from '@concord/contracts'
import type { Sample } from '@concord/domain'

/** Of the samples that change something, the ones that may be asked any number of times. */
const repeatable = new Set(['invoice-copy'])
const perConversation = 4
/** Samples that stand together in the file are alike: neighbours in a conversation come from here and there. */
const stride = 7
/** Longer than any fault of the catalogue lasts. Milliseconds. */
const caseMs = 300_000
export const tenantId = 'default'

export interface RequestMaker {
  next(now: number): Request
}

/** @param label stands in every id, so that the requests of a round are told from others */
export function createRequestMaker(samples: readonly Sample[], label: string): RequestMaker {
  const usable = samples.filter(isRepeatable)
  if (usable.length === 0) throw new Error('the domain has no sample that can be asked twice')
  let made = 0
  return {
    next(now) {
      const at = made++
      const { after: _, repeats: __, ...fields } = usable[(at * stride) % usable.length]!.request
      const text = `${fields.text} (${label} ${at})`
      const ids = { requestId: `${label}-${at}`, conversationId: `${label}-c${Math.floor(at / perConversation)}` }
      return parseRequest({ ...fields, ...ids, text, deadline: now + caseMs }, tenantId, `request ${at}`)
    },
  }
}

function isRepeatable({ id, request, expect }: Sample): boolean {
  if (request.after !== undefined || request.repeats !== undefined) return false
  return (expect.does ?? []).length === 0 || repeatable.has(id)
}
