import { Fault, knowledge, policy, requests, reworks, triaged, type MessageOf } from '@concord/contracts'
import { expectTypeOf, test } from 'vitest'
import { perSecond } from '../limiter/index.ts'
import { giveUp, publish, skip } from '../outcome.ts'
import { defineAgent, seconds } from './define-agent.ts'

const base = { name: 'x', version: '1', domainVersion: '1', concurrency: 1, rate: perSecond(1), deadline: seconds(1) }
const triager = { ...base, consumes: [requests], produces: [triaged] } as const
declare const triage: MessageOf<typeof triaged>
declare const ruling: MessageOf<typeof policy>

const oneTriage = async () => publish(triaged, triage)
const oneRuling = async () => publish(policy, ruling)
const both = async () => [publish(triaged, triage), publish(policy, ruling)]

test('a handler may publish what the manifest produces, several of it, or nothing', () => {
  defineAgent({ ...triager, handle: oneTriage })
  defineAgent({ ...triager, produces: [triaged, policy], handle: both })
  defineAgent({ ...triager, handle: async () => skip('nothing_to_do') })
  defineAgent({ ...triager, handle: async () => giveUp(new Fault('internal', 'no')) })
})

test('publishing what the manifest does not name does not compile', () => {
  // @ts-expect-error policy is not among the topics it produces
  defineAgent({ ...triager, handle: oneRuling })
  // @ts-expect-error nor may it be one of several
  defineAgent({ ...triager, handle: both })
  // @ts-expect-error and a value of another topic is not this topic's
  defineAgent({ ...triager, handle: async () => publish(triaged, ruling) })
})

test('a handler gets a message of one of the topics it consumes', () => {
  defineAgent({
    ...base,
    consumes: [triaged, reworks],
    produces: [knowledge],
    async handle(message) {
      expectTypeOf(message).toEqualTypeOf<MessageOf<typeof triaged> | MessageOf<typeof reworks>>()
      return skip('typed')
    },
  })
})
