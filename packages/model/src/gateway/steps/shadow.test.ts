import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { aTarget, anAsk, good } from '../testing.ts'
import { shadow } from './shadow.ts'

const clock = createVirtualClock()
const other = aTarget('main/other')
const route = { name: 'default', targets: [aTarget('main/large')] as const, shadow: { target: other, share: 0.25 } }

function setup(random: number) {
  const asked: string[] = []
  const step = shadow(
    () => random,
    (_, { id }) => void asked.push(id),
  )
  return { asked, step }
}

test('the share of the calls is asked of the other target as well, once there is an answer', async () => {
  const { asked, step } = setup(0.2499)
  await step(anAsk(clock, null, { route }), async () => (expect(asked).toEqual([]), { reply: good }))
  expect(asked).toEqual(['main/other'])
})

test.each([
  ['outside of the share', 0.25, { route }],
  ['of a route without a shadow', 0, { route: { ...route, shadow: null } }],
  ['that is a shadow itself', 0, { route, shadow: true }],
])('a call %s is asked once', async (_, random, more) => {
  const { asked, step } = setup(random)
  await step(anAsk(clock, null, more), async () => ({ reply: good }))
  expect(asked).toEqual([])
})

test('a call that failed has nothing to compare', async () => {
  const { asked, step } = setup(0)
  await expect(step(anAsk(clock, null, { route }), () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(asked).toEqual([])
})
