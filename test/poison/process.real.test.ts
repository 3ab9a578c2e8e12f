/** What harms the process itself: errors that nobody catches, promises that nobody awaits, a loop that does not give the turn away. */
import { randomUUID } from 'node:crypto'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { realScene, type RealScene } from './real-scene.ts'

const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID())
const patience = 90_000

/** Each request has one answer: under one id, byte for byte, however often. */
async function expectAnswered(scene: RealScene, requestIds: readonly string[]): Promise<void> {
  await eventually(async () => {
    const answers = await scene.answers()
    expect(requestIds.filter((id) => !answers.has(id))).toEqual([])
  }, patience)
  const answers = await scene.answers()
  const contents = requestIds.map((id) => new Set(answers.get(id)?.map(({ value }) => value?.toString('hex'))).size)
  expect(contents).toEqual(requestIds.map(() => 1))
}

test('an error thrown in a timer ends the process with 1, and the message it came from, which does not end the next process too', async () => {
  const scene = await realScene()
  const [poison = '', ...good] = ids(21)
  const first = scene.start()
  await scene.send(good.slice(0, 10))
  await expectAnswered(scene, good.slice(0, 10))
  await scene.send([poison], { harm: 'timer' })
  expect(await first.ended).toBe(1)
  expect(first.said()).toContain('an exception that nobody catches')
  const [letter] = await eventually(async () => {
    const letters = await scene.letters()
    expect(letters).toHaveLength(1)
    return letters
  }, patience)
  expect(String(letter?.headers['x-error-class'])).toBe('internal')
  expect(String(letter?.headers['x-error-message'])).toContain("outside of the handler's promise")
  await eventually(async () => expect(await scene.told()).toMatchObject([{ code: 'internal', envelope: { requestId: poison } }]))

  const second = scene.start()
  await scene.send(good.slice(10))
  await expectAnswered(scene, good)
  expect(await second.stop()).toBe(0)
  expect(await scene.letters()).toHaveLength(1)
  expect((await scene.answers()).has(poison)).toBe(false)
}, 180_000)

test('a promise that is rejected and that nobody awaits is logged, and its message is answered', async () => {
  const scene = await realScene()
  const [careless = '', ...good] = ids(5)
  const service = scene.start()
  await scene.send([careless], { harm: 'rejection' })
  await scene.send(good)
  await expectAnswered(scene, [careless, ...good])
  expect(service.said()).toContain('a rejection that nobody handles')
  expect(await service.stop()).toBe(0)
  expect(await scene.letters()).toEqual([])
}, 120_000)

test('a handler that blocks the process for 3 s delays the others, and costs neither an answer nor the place in the group', async () => {
  const scene = await realScene()
  const [blocking = '', ...good] = ids(101)
  const service = scene.start()
  await scene.send([good[0] ?? ''])
  await expectAnswered(scene, good.slice(0, 1))
  await scene.send([blocking], { harm: 'block', ms: '3000' })
  await scene.send(good.slice(1))
  await expectAnswered(scene, [blocking, ...good])
  expect((await scene.answers()).get(blocking)).toHaveLength(1)
  expect(await scene.letters()).toEqual([])
  expect(await service.stop()).toBe(0)
}, 120_000)

test('one that blocks it past its session loses and contradicts nothing, though its partitions go to another and come back', async () => {
  const scene = await realScene()
  const [blocking = '', ...good] = ids(61)
  const services = [scene.start(), scene.start()]
  const rebalances = async () => Math.max(...(await Promise.all(services.map((service) => service.figure('rebalances_total')))))
  await scene.send(good.slice(0, 20))
  await expectAnswered(scene, good.slice(0, 20))
  const before = await rebalances()
  await scene.send([blocking], { harm: 'block', ms: '15000' })
  await scene.send(good.slice(20))
  await expectAnswered(scene, [blocking, ...good])
  expect(await rebalances()).toBeGreaterThan(before)
  expect(await scene.letters()).toEqual([])
  expect(await Promise.all(services.map((service) => service.stop()))).toEqual([0, 0])
}, 240_000)
