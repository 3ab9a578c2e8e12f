import { knowledge, policy, requests, reworks, triaged, type MessageOf } from '@concord/contracts'
import { expectTypeOf, test } from 'vitest'
import { perSecond } from '../limiter/index.ts'
import { giveUp, publish, skip } from '../outcome.ts'
import { Fault } from '@concord/contracts'
import { defineAgent, seconds } from './define-agent.ts'

const manifest = { name: 'x', version: '1', domainVersion: '1', concurrency: 1, rate: perSecond(1), deadline: seconds(1) }
declare const triage: MessageOf<typeof triaged>
declare const ruling: MessageOf<typeof policy>

test('a handler may publish what the manifest produces, several of it, or nothing', () => {
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged], handle: async () => publish(triaged, triage) })
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged, policy], handle: async () => [publish(triaged, triage), publish(policy, ruling)] })
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged], handle: async () => skip('nothing_to_do') })
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged], handle: async () => giveUp(new Fault('internal', 'no')) })
})

test('publishing what the manifest does not name does not compile', () => {
  // @ts-expect-error policy is not among the topics it produces
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged], handle: async () => publish(policy, ruling) })
  // @ts-expect-error nor may it be one of several
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged], handle: async () => [publish(triaged, triage), publish(policy, ruling)] })
  // @ts-expect-error a value of another topic is not this topic's
  defineAgent({ ...manifest, consumes: [requests], produces: [triaged], handle: async () => publish(triaged, ruling) })
})

test('a handler gets a message of one of the topics it consumes', () => {
  defineAgent({
    ...manifest,
    consumes: [triaged, reworks],
    produces: [knowledge],
    async handle(message) {
      expectTypeOf(message).toEqualTypeOf<MessageOf<typeof triaged> | MessageOf<typeof reworks>>()
      return skip('typed')
    },
  })
})
