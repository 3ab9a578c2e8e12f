import { expect, test } from 'vitest'
import { agreedNeighbour } from './agreement.ts'
import type { Neighbour } from './similarity-index.ts'

const near = (id: string, similarity = 0.8, difference: Neighbour['difference'] = null): Neighbour => ({
  id,
  similarity,
  difference,
})
/** The label is the letter at the start of the id. */
const labelOf = (id: string) => id[0]
const serving = (found: Neighbour[], options = {}) => agreedNeighbour(found, { labelOf, ...options })?.id

test('the nearest serves when the nearest agree', () => {
  expect(serving([near('a1'), near('a2'), near('b1')])).toBe('a1')
})

test('a question between two subjects is a miss', () => {
  expect(serving([near('a1'), near('b1')])).toBeUndefined()
  expect(serving([near('a1'), near('a2'), near('b1')], { neighbours: 3 })).toBeUndefined()
})

test('too few near enough is a miss', () => {
  expect(serving([near('a1')])).toBeUndefined()
  expect(serving([near('a1'), near('a2', 0.49)])).toBeUndefined()
  expect(serving([near('a1'), near('a2', 0.49)], { similarity: 0.4 })).toBe('a1')
  expect(serving([], { neighbours: 0 })).toBeUndefined()
})

test('what differs in more than wording may agree but not serve', () => {
  expect(serving([near('a1', 0.9, 'number'), near('a2', 0.8, 'negation')])).toBeUndefined()
  expect(serving([near('a1', 0.9, 'number'), near('a2', 0.8, 'entity'), near('a3', 0.7)])).toBe('a3')
  expect(serving([near('a1', 0.9, 'number'), near('a2', 0.8, 'entity'), near('b1', 0.7)])).toBeUndefined()
})

test('a classifier that says otherwise makes it a miss', () => {
  const found = [near('a1'), near('a2')]
  expect(serving(found, { expected: 'a' })).toBe('a1')
  expect(serving(found, { expected: 'b' })).toBeUndefined()
})

test('a neighbour whose subject is not known agrees with nothing', () => {
  expect(agreedNeighbour([near('a1'), near('a2')], { labelOf: () => undefined })).toBeNull()
})
