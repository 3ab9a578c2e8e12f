import { expect, test } from 'vitest'
import { Fault } from './faults.ts'

test('a fault says its code, what is wrong and what mends it', () => {
  const cause = new Error('below')
  const fault = new Fault('invalid_config', 'the port is 0.', { mend: 'Set PORT.', cause })
  expect(fault).toMatchObject({ message: 'invalid_config: the port is 0. Set PORT.', retryable: false, mend: 'Set PORT.', cause })
})

test('an error that nobody classified may pass', () => {
  expect(Fault.from(new TypeError('x is undefined'))).toMatchObject({
    code: 'internal',
    retryable: true,
    message: 'internal: x is undefined',
  })
})

test('a fault stays what it is, and an abort is one', () => {
  const fault = new Fault('not_found', 'no such case')
  expect(Fault.from(fault)).toBe(fault)
  expect(Fault.from(AbortSignal.abort().reason)).toMatchObject({ code: 'aborted', retryable: false })
})

test.each([[null], [undefined], ['text'], [Symbol('s')], [Object.create(null)]])('anything thrown becomes a fault', (thrown) => {
  expect(Fault.from(thrown)).toBeInstanceOf(Fault)
})

test('what throws at whoever looks at it becomes a fault without a cause, so that nobody looks again', () => {
  const throwing = () => {
    throw new Error('do not look')
  }
  const errors = [
    new Proxy(new Error('x'), { get: throwing, getPrototypeOf: throwing }),
    Object.defineProperty(new Error('x'), 'message', { get: throwing }),
    Object.assign(new Error('x'), { message: Symbol('s') }),
    { toString: throwing },
  ]
  for (const error of errors) {
    const fault = Fault.from(error)
    expect(fault).toMatchObject({ code: 'internal', retryable: true })
    expect(fault.cause).toBeUndefined()
  }
})
