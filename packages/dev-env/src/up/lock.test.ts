import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { alone } from './lock.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-lock-'))
  onTestFinished(() => rm(dir, { recursive: true }))
})

test('who comes second waits, and says for whom', async () => {
  const first = Promise.withResolvers<void>()
  const atWork = Promise.withResolvers<void>()
  const told: string[] = []
  const order: string[] = []
  const firstDone = alone(
    dir,
    () => undefined,
    async () => {
      atWork.resolve()
      await first.promise
      order.push('first')
    },
  )
  await atWork.promise
  const second = alone(
    dir,
    (line) => {
      told.push(line)
      first.resolve()
    },
    async () => void order.push('second'),
  )
  await Promise.all([firstDone, second])
  expect(order).toEqual(['first', 'second'])
  expect(told).toEqual([`waiting for process ${process.pid}, which is at work here`])
})

test('work that fails gives the folder free', async () => {
  await expect(
    alone(
      dir,
      () => undefined,
      () => Promise.reject(new Error('no')),
    ),
  ).rejects.toThrow('no')
  expect(await readdir(dir)).toEqual([])
})

test('who died at work holds up nobody', async () => {
  await writeFile(join(dir, 'lock'), `${process.pid}\nstarted long ago\n`)
  expect(
    await alone(
      dir,
      () => undefined,
      async () => 'done',
    ),
  ).toBe('done')
})

test('of many who come at once, one is at work at a time', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside--
  }
  await Promise.all(Array.from({ length: 8 }, () => alone(dir, () => undefined, work)))
  expect(most).toBe(1)
})
