/** Every sample of the shop gets the outcome that it must get, for the reason that it must get it. */
import { runDemo, sampleErrands, unmet } from '@concord/cli'
import { startConstellation } from '@concord/dev-env'
import { afterAll, expect, test } from 'vitest'
import { shopFolder, tenantId } from './world.ts'

const constellation = await startConstellation({ domainFolder: shopFolder, run: { ratePerSecond: 1_000 } })
afterAll(() => constellation.stop())
const errands = sampleErrands(constellation.domain, tenantId)
const run = await runDemo({ constellation, errands, concurrency: 48, onResult: () => undefined })

test('the shop has samples', () => {
  expect(errands.length).toBeGreaterThanOrEqual(48)
})

test.each(
  errands.flatMap(({ sample, request }) =>
    sample === undefined ? [] : [{ sample, request, id: sample.id, shows: sample.shows }],
  ),
)('$id: $shows', ({ sample, request }) => {
  const result = run.results.get(request.requestId)
  if (result === undefined) throw new Error('there is no outcome')
  const own = run.entries.filter(({ requestId }) => requestId === request.requestId)
  expect(unmet(sample.expect, result, own)).toEqual([])
})

test('no request has two outcomes', () => {
  expect(run.contradicted).toEqual([])
})
