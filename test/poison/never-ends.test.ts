/** Handlers that never end, end twice, or end too late: the deadline speaks, and only once. */
import { publish, skip } from '@concord/runtime'
import { triaged } from '@concord/contracts'
import { expect, test } from 'vitest'
import { agentMs, aTriageFor, expectGivenUp, noDeadline, scene } from './scene.ts'

const forever = () => new Promise(() => {})

test('a handler that never ends is given up at its deadline', async () => {
  const made = await scene(forever)
  await made.sendBad()
  await made.bench.pass(agentMs - 1)
  expect(await made.told()).toEqual([])
  expect(await made.bench.figure('messages_in_flight')).toBe(0)
  await made.bench.pass(1)
  await expectGivenUp(made, 'deadline_exceeded')
  await made.bench.pass(1_000)
  expect(await made.committed()).toBe(1)
})

test('an answer that comes after the deadline counts for nothing, nor does a late failure', async () => {
  for (const end of ['resolve', 'reject'] as const) {
    let late = (): void => undefined
    const made = await scene(
      (_, context) =>
        new Promise((resolve, reject) => {
          late = () => (end === 'resolve' ? resolve(publish(triaged, aTriageFor(context))) : reject(new Error('late')))
        }),
    )
    await made.sendBad()
    await made.bench.pass(agentMs + 1)
    late()
    await made.bench.pass(agentMs)
    expect(await made.answered()).toEqual([])
    await expectGivenUp(made, 'deadline_exceeded')
  }
})

test('many that never end take every slot until their deadline, and not longer', async () => {
  const concurrency = 8
  const made = await scene(forever, { concurrency })
  for (let at = 0; at < 3 * concurrency; at++) await made.sendBad({ requestId: `bad-${at}`, deadline: noDeadline })
  await made.sendGood('good', { deadline: noDeadline })
  await made.bench.pass(agentMs - 1)
  expect(await made.answered()).toEqual([])
  await made.bench.pass(3 * agentMs)
  expect(await made.answered()).toEqual(['good'])
  expect(await made.letters()).toHaveLength(3 * concurrency)
  await made.sendGood('later')
  expect(await made.answered()).toEqual(['good', 'later'])
})

test('of a handler that resolves twice the first counts', async () => {
  const made = await scene(
    (_, context) =>
      new Promise((resolve, reject) => {
        resolve(publish(triaged, aTriageFor(context, { reason: 'first' })))
        resolve(publish(triaged, aTriageFor(context, { reason: 'second' })))
        reject(new Error('third'))
      }),
  )
  await made.sendBad()
  expect((await made.bench.on(triaged)).map(({ value }) => value)).toMatchObject([{ reason: 'first' }])
  expect(await made.letters()).toEqual([])
})

test('of a thenable that calls back twice the first call counts', async () => {
  const made = await scene((_, context) => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what a handler may return
    then(resolve: (value: unknown) => void, reject: (reason: unknown) => void) {
      resolve(publish(triaged, aTriageFor(context)))
      reject(new Error('second thoughts'))
      resolve(skip('third'))
    },
  }))
  await made.sendBad()
  expect(await made.answered()).toEqual(['bad'])
  expect(await made.letters()).toEqual([])
})

test('a handler that takes the abort for a success is given up all the same', async () => {
  const made = await scene(
    (_, context) =>
      new Promise((resolve) =>
        context.signal.addEventListener('abort', () => resolve(publish(triaged, aTriageFor(context))), { once: true }),
      ),
  )
  await made.sendBad()
  await made.bench.pass(agentMs + 1)
  expect(await made.answered()).toEqual([])
  await expectGivenUp(made, 'deadline_exceeded')
})

test('the deadline runs from the first attempt: whoever waits behind poison has all of its own time', async () => {
  const made = await scene((_, context) => context.clock.sleep(agentMs + 1))
  await made.sendBad({ conversationId: 'c' })
  await made.sendBad({ conversationId: 'c', requestId: 'bad-2', deadline: noDeadline })
  await made.bench.pass(agentMs)
  expect(await made.letters()).toHaveLength(1)
  await made.bench.pass(agentMs - 10)
  expect(await made.letters()).toHaveLength(1)
  await made.bench.pass(10)
  expect(await made.letters()).toHaveLength(2)
})
