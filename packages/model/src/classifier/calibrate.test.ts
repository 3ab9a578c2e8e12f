import fc from 'fast-check'
import { expect, test } from 'vitest'
import { learnSharpness, probabilitiesOf, usualSharpness } from './calibrate.ts'
import { seededRandom } from './seeded.ts'

test('probabilities sum to 1 and rise with the scores', () => {
  const score = fc.double({ min: -50, max: 50, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0.25, max: 64, noNaN: true }),
      (scores, sharpness) => {
        const probabilities = probabilitiesOf(Float64Array.from(scores), sharpness)
        expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
        const best = scores.indexOf(Math.max(...scores))
        expect(probabilities[best]).toBe(Math.max(...probabilities))
      },
    ),
  )
})

test('the sharpness that made the outcomes is found again', () => {
  const random = seededRandom(5)
  const judged = Array.from({ length: 1_500 }, () => {
    const scores = Float64Array.from([random(), random(), random()])
    const [first = 0, second = 0] = probabilitiesOf(scores, 3)
    const drawn = random()
    return { scores, right: drawn < first ? 0 : drawn < first + second ? 1 : 2 }
  })
  const sharpness = learnSharpness(judged)
  expect(sharpness).toBeGreaterThan(2.5)
  expect(sharpness).toBeLessThan(3.5)
})

test('without outcomes the usual sharpness stands', () => {
  expect(learnSharpness([])).toBe(usualSharpness)
})
