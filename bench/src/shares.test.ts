import { expect, test } from 'vitest'
import { shares, type CpuProfile } from './shares.ts'

test('time counts for the nearest caller that is of a part, and idle time for none', () => {
  const node = (id: number, functionName: string, url: string, ...children: number[]) => ({
    id,
    callFrame: { functionName, url },
    children,
  })
  const profile: CpuProfile = {
    nodes: [
      node(1, '(root)', '', 2, 3, 6),
      node(2, '(idle)', ''),
      node(3, 'encode', 'file:///repo/packages/contracts/src/codec.ts', 4),
      node(4, 'parse', 'file:///repo/node_modules/zod/v4/core/parse.js', 5),
      node(5, 'from', 'node:buffer'),
      node(6, 'runMicrotasks', ''),
    ],
    samples: [2, 3, 4, 5, 6],
    timeDeltas: [600, 100, 100, 100, 100],
  }
  expect(shares(profile)).toEqual([
    ['idle', 0.6],
    ['zod', 0.5],
    ['rest of the contracts', 0.25],
    ["Node's own: promises, sockets, timers", 0.25],
  ])
})
