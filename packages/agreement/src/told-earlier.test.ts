import type { Claim } from '@concord/contracts'
import { aClaim } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { toldOtherwise } from './told-earlier.ts'

const describe = ({ value }: Claim) => `A book may be kept for ${value.number} days.`
const agent = (text: string) => ({ role: 'agent' as const, text, at: null })

test('what we said earlier and what is agreed now are compared', () => {
  const [finding] = toldOtherwise([agent('Hello. Yes, a book may be kept for two weeks at this branch.')], [aClaim()], describe)
  expect(finding).toMatchObject({
    kind: 'told_otherwise',
    left: { statement: 'Yes, a book may be kept for two weeks at this branch.' },
  })
})

test.each([
  ['we said the same in other words', agent('For 30 days a book may be kept.')],
  ['we spoke of something else', agent('A film may be kept for 14 days.')],
  ['the customer said it', { ...agent('A book may be kept for 90 days.'), role: 'customer' as const }],
  ['no value was named', agent('A book may be kept for some time.')],
])('nothing is found where %s', (_, turn) => {
  expect(toldOtherwise([turn], [aClaim()], describe)).toEqual([])
})
