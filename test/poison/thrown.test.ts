/** Whatever a handler throws, at once or later: one dead letter, the coordinator is told, and the others go on. */
import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { agentMs, expectGivenUp, scene, type Handle } from './scene.ts'

function overflowing(): never {
  return overflowing()
}

function cyclic(): Error {
  const error = new Error('round and round')
  error.cause = new Error('below', { cause: error })
  return error
}

const throwing = (): never => {
  throw new Error('do not look')
}

/** An error that throws at whoever looks at it. */
function hostile(...names: string[]): Error {
  const error = new Error('hostile')
  for (const name of names) Object.defineProperty(error, name, { get: throwing })
  return error
}

const unseeable = new Proxy(new Error('hidden'), { get: throwing, getPrototypeOf: throwing, has: throwing, ownKeys: throwing })

const thrown: [name: string, value: () => unknown, code?: string][] = [
  ['an Error', () => new Error('no')],
  ['a TypeError', () => new TypeError('x is not a function')],
  ['a RangeError', () => new RangeError('out of range')],
  ['a ReferenceError', () => new ReferenceError('x is not defined')],
  ['a SyntaxError', () => new SyntaxError('unexpected token')],
  ['a URIError', () => new URIError('malformed')],
  ['an EvalError', () => new EvalError('evil')],
  ['an AggregateError', () => new AggregateError([new Error('one'), 'two', undefined], 'several')],
  ['a DOMException', () => new DOMException('not found', 'NotFoundError')],
  ['an abort of its own', () => new DOMException('given up', 'AbortError'), 'aborted'],
  ['a time-out of its own', () => new DOMException('too slow', 'TimeoutError')],
  ['a string', () => 'no error at all'],
  ['a number', () => 0],
  ['null', () => null],
  ['undefined', () => undefined],
  ['a symbol', () => Symbol('s')],
  ['a function', () => throwing],
  ['a promise', () => Promise.resolve('later')],
  ['a promise that rejects', () => handled(Promise.reject(new Error('later')))],
  ['an object without a prototype', () => Object.create(null) as unknown],
  ['an object whose toString throws', () => ({ toString: throwing })],
  ['an error whose message throws', () => hostile('message')],
  ['an error whose name and stack throw', () => hostile('name', 'stack')],
  ['an error whose cause throws', () => hostile('cause')],
  ['an error that nobody may look at', () => unseeable],
  ['an error with a message that is none', () => Object.assign(new Error('x'), { message: Symbol('s') })],
  ['an error with a cyclic cause', cyclic],
  ['a frozen error', () => Object.freeze(new Error('frozen'))],
  ['an error of a megabyte', () => new Error('x"'.repeat(500_000))],
  ['a stack overflow', () => caught(overflowing)],
  ['JSON that is none', () => caught(() => JSON.parse('{') as never)],
  ['a fault that is final', () => new Fault('model_refused', 'no.'), 'model_refused'],
  ['a fault that may pass and does not', () => new Fault('tool_unavailable', 'away.', { retryable: true }), 'tool_unavailable'],
  ['a frozen fault', () => Object.freeze(new Fault('tool_rejected', 'no.')), 'tool_rejected'],
]

function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

function caught(run: () => never): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const ways: [name: string, way: (value: () => unknown) => Handle][] = [
  [
    'at once',
    (value) => () => {
      throw value()
    },
  ],
  [
    'after a while',
    (value) => async (_, context) => {
      await context.clock.sleep(5, context.signal)
      throw value()
    },
  ],
  ['as the reason of a rejection', (value) => () => Promise.reject(value())],
  // oxlint-disable-next-line unicorn/no-thenable -- what a handler may return
  ['by a thenable', (value) => () => ({ then: (_: unknown, reject: (reason: unknown) => void) => reject(value()) })],
]

for (const [how, way] of ways) {
  test.each(thrown)(
    `%s thrown ${how} is given up, and what is beside and behind it goes on`,
    async (_, value, code = 'internal') => {
      const made = await scene(way(value))
      await made.sendBad({ conversationId: 'c-bad' })
      await made.sendGood('behind', { conversationId: 'c-bad' })
      await made.sendGood('beside')
      await made.bench.pass(20)
      expect(await made.answered()).toContain('beside')
      await made.bench.pass(agentMs)
      await expectGivenUp(made, code)
      expect((await made.answered()).toSorted()).toEqual(['behind', 'beside'])
      await made.bench.pass(1_000)
      expect(await made.committed()).toBe(3)
    },
  )
}
