import type { CaseEvent } from '@concord/contracts'
import { aCaseEvent } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import type { PackedRecord } from '../packed-record.ts'
import { foldEntry, nothingFolded, type Folding, type HistoryEntry } from './fold.ts'

/** A case that is the list of what happened to it. */
const core = {
  initial: [] as string[],
  evolve: (state: string[], event: string): string[] => [...state, event],
  journal: {
    event({ data }: CaseEvent): string {
      const { type } = JSON.parse(data) as { type: string }
      if (type === 'unknown') throw new Error('an event of another version')
      return type
    },
  } as never,
}

const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
const sent = (id: string): PackedRecord => ({ topic: 'replies', key: 'k', value: { base64: '' }, headers: [['ce_id', id]] })

interface Shape {
  life?: number
  epoch?: number
  at?: number
}

/** The entries of one turn. */
function turn(first: number, types: string[], { life = 1, epoch = 1, at = 0 }: Shape = {}): HistoryEntry[] {
  return types.map((type, index) => ({
    entry: aCaseEvent({ caseVersion: first + index, data: JSON.stringify({ type }) }),
    turn: {
      process: 'p',
      case: 'c',
      life,
      epoch,
      first,
      count: types.length,
      seenAs: `m-${types.join('-')}`,
      input: { topic: 't', partition: 0, offset: first },
      outbox: [sent(type)],
    },
    at: at + index,
    trace,
  }))
}

const folded = (...turns: HistoryEntry[][]): Folding<string[]> =>
  turns.flat().reduce((so, next) => foldEntry(core, so, next), nothingFolded as Folding<string[]>)
const stateOf = (...turns: HistoryEntry[][]): string[] | undefined => folded(...turns).tip?.state

test('turns fold to the state, the ids that were seen, and what the last of them publishes', () => {
  const { tip, broken } = folded(turn(1, ['a', 'b'], { at: 5 }), turn(3, ['c'], { at: 7 }))
  expect(broken).toBeNull()
  expect(tip).toMatchObject({ state: ['a', 'b', 'c'], version: 3, life: 1, epoch: 1, seen: ['m-a-b', 'm-c'], lastAt: 7, trace })
  expect(tip?.outbox).toEqual([sent('c')])
  expect(folded(turn(1, ['a', 'b'])).tip?.outbox).toEqual([sent('a'), sent('b')])
})

test('a turn that comes again, whole or in part, changes nothing', () => {
  const [a, b] = [turn(1, ['a', 'b']), turn(3, ['c', 'd'])]
  expect(stateOf(a, a, b, a, b, b.slice(0, 1), b)).toEqual(['a', 'b', 'c', 'd'])
})

test('half a turn counts for nothing, and its repetition for all', () => {
  const [a, b] = [turn(1, ['a']), turn(2, ['b', 'c'])]
  expect(stateOf(a, b.slice(0, 1))).toEqual(['a'])
  expect(stateOf(a, b.slice(1))).toEqual(['a'])
  expect(stateOf(a, b.slice(0, 1), b)).toEqual(['a', 'b', 'c'])
  expect(stateOf(a, b.slice(0, 1), turn(2, ['x', 'y'], { epoch: 2 }), b.slice(1))).toEqual(['a', 'x', 'y'])
  expect(folded(b.slice(0, 1)).tip).toBeNull()
})

test('what was shut out by a rebuilding gives way to what was decided after it, wherever it stands', () => {
  const [a, stray, after] = [turn(1, ['a']), turn(2, ['stray']), turn(2, ['after'], { epoch: 2 })]
  expect(stateOf(a, stray, after)).toEqual(['a', 'after'])
  expect(stateOf(a, after, stray)).toEqual(['a', 'after'])
  expect(stateOf(a, stray, after, turn(3, ['b'], { epoch: 2 }))).toEqual(['a', 'after', 'b'])
  expect(stateOf(a, after, turn(3, ['b'], { epoch: 2 }), stray)).toEqual(['a', 'after', 'b'])
  expect(stateOf(turn(1, ['stray']), turn(1, ['after'], { epoch: 2 }))).toEqual(['after'])
  expect(stateOf(a, turn(2, ['s', 't', 'u']), after)).toEqual(['a', 'after'])
  expect(stateOf(a, stray, turn(2, ['x'], { epoch: 2 }), turn(2, ['y'], { epoch: 3 }))).toEqual(['a', 'y'])
})

test('a case that was forgotten and opened anew is the new one', () => {
  const [old, anew] = [turn(1, ['a', 'b']), turn(1, ['c'], { life: 2 })]
  expect(folded(old, anew, old).tip).toMatchObject({ state: ['c'], version: 1, life: 2, seen: ['m-c'] })
  expect(stateOf(old, anew, turn(2, ['d'], { life: 2 }))).toEqual(['c', 'd'])
})

test('a case whose history has a hole is broken, from there on and for good', () => {
  const { tip, broken } = folded(turn(1, ['a']), turn(3, ['c']), turn(4, ['d']), turn(2, ['b']))
  expect(tip?.state).toEqual(['a'])
  expect(broken).toMatch(/a hole after version 1/)
  expect(folded(turn(2, ['b'])).broken).toMatch(/begins in the middle/)
  expect(folded(turn(1, ['a']), turn(2, ['unknown'])).broken).toMatch(/event 2 cannot be folded/)
  expect(folded(turn(1, ['a']), turn(3, ['c']), turn(1, ['z'], { life: 2 }))).toMatchObject({
    broken: null,
    tip: { state: ['z'] },
  })
})
