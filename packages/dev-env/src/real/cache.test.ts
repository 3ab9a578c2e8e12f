import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { cacheDirectory, fillOnce } from './cache.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'concord-cache-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
})

test('the cache stands where CONCORD_CACHE says, else in the repository', () => {
  expect(cacheDirectory({ CONCORD_CACHE: '/elsewhere' })).toBe('/elsewhere')
  expect(cacheDirectory({})).toMatch(/[/\\]\.cache[/\\]real$/)
})

test('a directory is filled once', async () => {
  const target = join(root, 'part')
  const fill = (text: string) => (into: string) => writeFile(join(into, 'file'), text)
  await fillOnce(target, fill('first'))
  await fillOnce(target, fill('second'))
  expect(await readFile(join(target, 'file'), 'utf8')).toBe('first')
})

test('a fill that fails leaves nothing, and the next one starts anew', async () => {
  const target = join(root, 'part')
  const failing = async (into: string) => {
    await writeFile(join(into, 'half'), '')
    throw new Error('the network is gone')
  }
  await expect(fillOnce(target, failing)).rejects.toThrow('the network is gone')
  expect(await readdir(root)).toEqual([])
  await fillOnce(target, async (into) => writeFile(join(into, 'whole'), ''))
  expect(await readdir(target)).toEqual(['whole'])
})

test('of two that fill at once one wins and both are content', async () => {
  const target = join(root, 'part')
  await Promise.all(['a', 'b'].map((name) => fillOnce(target, (into) => writeFile(join(into, name), name))))
  expect(await readdir(root)).toEqual(['part'])
  expect(await readdir(target)).toHaveLength(1)
})
