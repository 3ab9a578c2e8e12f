import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { brokerFault, isRetriable } from './faults.ts'

const protocolError = (type: string) => Object.assign(new Error(type), { type, retriable: false })
const wrapped = (cause: Error) => new Error('retries exceeded', { cause })

test.for([
  ['UNKNOWN_MEMBER_ID', 'fenced'],
  ['ILLEGAL_GENERATION', 'fenced'],
  ['REBALANCE_IN_PROGRESS', 'fenced'],
  ['MESSAGE_TOO_LARGE', 'invalid_record'],
  ['NOT_LEADER_FOR_PARTITION', 'broker_unavailable'],
] as const)('%s is %s, wrapped or not', ([type, code]) => {
  expect(brokerFault(protocolError(type), 'a call').code).toBe(code)
  expect(brokerFault(wrapped(protocolError(type)), 'a call').code).toBe(code)
})

test('a fault stays as it is, and anything else is the broker being away', () => {
  const fault = new Fault('not_found', 'no such topic')
  expect(brokerFault(fault, 'a call')).toBe(fault)
  expect(brokerFault('nonsense', 'a call')).toMatchObject({ code: 'broker_unavailable', retryable: true })
})

test('a bug in the client is not retriable, a lost connection is', () => {
  expect(isRetriable(new TypeError('brokers of null'))).toBe(false)
  expect(isRetriable(wrapped(Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError' })))).toBe(true)
})
