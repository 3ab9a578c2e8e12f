import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { createPrices, type DatedPrice } from '../../prices.ts'
import { aTarget, anAsk, good, says } from '../testing.ts'
import { settle } from './settle.ts'

const clock = createVirtualClock()
const from = clock.now()
const large: DatedPrice = { model: 'large', from, input: 10, cachedInput: 5, output: 20 }
const small: DatedPrice = { model: 'small', from, input: 1, output: 2 }

const largeTarget = aTarget('main/large')
const smallTarget = aTarget('main/small')

async function costOf(replies: Parameters<typeof anAsk>[2] & object, prices: DatedPrice[]) {
  const ask = anAsk(clock, largeTarget, replies)
  await settle(() => createPrices(prices))(ask, async () => ({ reply: good }))
  return ask.costMicros
}

test('every reply is paid for at the price of the target that gave it', async () => {
  const replies = [
    { target: largeTarget, reply: good },
    { target: smallTarget, reply: good },
  ]
  expect(await costOf({ replies }, [large, small])).toBe(60 * 10 + 40 * 5 + 10 * 20 + (100 + 20))
})

test('the model that the response names goes before the one that was asked', async () => {
  const replies = [{ target: largeTarget, reply: says('', { model: 'small' }) }]
  expect(await costOf({ replies }, [large, small])).toBe(120)
})

test('one reply without a price leaves the whole without a cost', async () => {
  const replies = [
    { target: largeTarget, reply: good },
    { target: smallTarget, reply: good },
  ]
  expect(await costOf({ replies }, [large])).toBeNull()
})

test('a call that fails is settled too', async () => {
  const ask = anAsk(clock, largeTarget, { replies: [{ target: smallTarget, reply: good }] })
  const down = async () => Promise.reject(new Error('down'))
  await expect(settle(() => createPrices([small]))(ask, down)).rejects.toThrow('down')
  expect(ask.costMicros).toBe(120)
})

test('a price holds from its day on', async () => {
  const later = { ...small, from: from + 1, input: 100 }
  expect(await costOf({ replies: [{ target: smallTarget, reply: good }] }, [small, later])).toBe(120)
  expect(await costOf({ replies: [{ target: smallTarget, reply: good }] }, [later])).toBeNull()
})
