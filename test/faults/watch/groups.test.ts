import { expect, test } from 'vitest'
import type { Happening } from '../check/happening.ts'
import { createNotice } from './groups.ts'

/** What is noticed of a group that is looked at each second. */
function noticed(looks: readonly [state: string, ...members: string[]][]): Happening[] {
  const found: Happening[] = []
  const notice = createNotice(5_000, (happening) => found.push(happening))
  for (const [second, [state, ...members]] of looks.entries()) {
    const described = members.map((memberId) => ({ memberId, clientId: memberId.split('-')[0] ?? '' }))
    notice({ groupId: 'triage', state: state as 'Stable', members: described }, second * 1_000)
  }
  return found
}

test('a rebalance that outlasts the drain is noticed, a shorter one is not', () => {
  const rebalancing = (seconds: number) => Array.from({ length: seconds }, (): ['PreparingRebalance'] => ['PreparingRebalance'])
  expect(noticed([['Stable'], ...rebalancing(4), ['Stable']])).toEqual([])
  expect(noticed([['Stable'], ...rebalancing(6), ['Stable']])).toEqual([
    { cause: 'drain overrun', service: 'triage', from: 1_000, to: 7_000 },
  ])
})

test('a member that comes back under another id was given up', () => {
  expect(
    noticed([
      ['Stable', 'a-1', 'b-1'],
      ['Stable', 'b-1'],
      ['Stable', 'a-2', 'b-1'],
    ]),
  ).toEqual([{ cause: 'eviction', service: 'triage', from: 0, to: 2_000 }])
  expect(noticed([['Stable', 'a-1'], ['Empty'], ['Stable', 'a-1']])).toEqual([])
})
