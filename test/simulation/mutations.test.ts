/** The simulation bites: bugs that were put in on purpose are found. `make mutations` tries all of them, with more seeds. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fits, hunt, isCleanHere, listMutations, withMutant } from './mutant.ts'

const mutations = await listMutations()

test('there are bugs of many kinds, and each says what it is', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(12)
  expect(mutations.filter(({ says }) => !/^[A-Z].{20,}\.$/.test(says))).toEqual([])
})

test.each(mutations)('$name fits the sources', async (mutation) => {
  expect(await fits(mutation)).toBe(true)
})

test('a bug that does not fit the sources any more is refused by its name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stale-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'stale.patch')
  await writeFile(file, 'It is stale.\n\n--- a/package.json\n+++ b/package.json\n@@ -1 +1 @@\n-never there\n+at all\n')
  const mutation = { name: 'stale', says: 'It is stale.', file }
  expect(await fits(mutation)).toBe(false)
  await expect(withMutant(mutation, async () => 'used')).rejects.toThrow('the mutation stale does not fit the sources any more.')
})

/** Few seeds suffice for these. */
const quick = mutations.filter(({ name }) =>
  ['commit-before-acknowledge', 'outputs-before-history', 'limit-skipped'].includes(name),
)

test.each(quick)(
  '$name is found within 40 seeds, which pass without it',
  async (mutation) => {
    const found = await withMutant(mutation, (copy) => hunt(copy, { from: 1, seeds: 40, workers: 1 }))
    expect(found).not.toBeNull()
    expect(await isCleanHere(found?.seed ?? -1)).toBe(true)
  },
  60_000,
)
