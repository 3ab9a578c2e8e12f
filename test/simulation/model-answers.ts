/** What the simulated model says, remembered: many runs ask the same. */
import { createHash } from 'node:crypto'
import { createResponder, type FaultRule, type Said } from '@concord/simulator'

export interface ModelAnswers {
  /** @param body of the request, as JSON text. @param wording chooses between answers that are equally good. */
  to(body: string, wording: number, fault: FaultRule | null): Said
}

/** More than these are not kept. */
const most = 5_000

export function createModelAnswers(): ModelAnswers {
  const known = new Map<string, Said>()
  return {
    to(body, wording, fault) {
      const key = createHash('sha1').update(`${wording} ${fault?.kind} ${fault?.code}\n`).update(body).digest('base64')
      const said = known.get(key) ?? ask(body, wording, fault)
      if (known.size < most) known.set(key, said)
      return said
    },
  }
}

function ask(body: string, wording: number, fault: FaultRule | null): Said {
  const responder = createResponder({ seed: wording, now: () => 0 })
  responder.faults.set(fault === null ? [] : [fault])
  return responder.respond(JSON.parse(body))
}
