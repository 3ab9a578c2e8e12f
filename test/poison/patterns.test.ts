/** No text that a customer may send keeps a domain's patterns busy: one that did would hold up everyone on its replica. */
import { join } from 'node:path'
import { requestLimits } from '@concord/contracts'
import { loadDomain } from '@concord/domain'
import { expect, test } from 'vitest'
import { root, shopFolder } from '../e2e/world.ts'

const folders = [shopFolder, join(root, 'test', 'domains', 'clinic')]
const pieces = [
  'x',
  '1',
  'x1',
  '.',
  'x.',
  '@',
  'x@',
  '-',
  'x-',
  '#',
  '+1',
  ' ',
  '\n',
  'order ',
  'order number ',
  '€1',
  '1,',
  '1 ',
  'W1',
  '"',
  'ä',
]

/** Milliseconds of this thread's own time, so that a busy machine says nothing about the pattern. */
function cost(run: () => void): number {
  const before = process.threadCpuUsage()
  run()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

test.each(folders)(
  '%s: every pattern takes a text of the greatest length in its stride',
  async (folder) => {
    const { entities, flags } = await loadDomain(folder)
    const find = (text: string): void => void [entities.find(text), flags.find(text)]
    find('warm')
    const costs = pieces.map((piece) => ({ piece, ms: cost(() => find(piece.repeat(requestLimits.textChars / piece.length))) }))
    expect(costs.filter(({ ms }) => ms > 60)).toEqual([])
  },
  30_000,
)
