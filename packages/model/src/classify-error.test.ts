import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { expect, test } from 'vitest'
import { classifyError, retryAfterMs } from './classify-error.ts'

const secret = 'sk-secret and the words of a customer'
const failed = (status: number, code: string | null = null, headers: Record<string, string> = {}) =>
  APIError.generate(status, { error: { message: secret, code } }, undefined, new Headers(headers))

test.each([
  [400, 'model_rejected_request', false],
  [401, 'model_rejected_request', false],
  [403, 'model_rejected_request', false],
  [404, 'model_rejected_request', false],
  [408, 'model_unavailable', true],
  [409, 'model_unavailable', true],
  [422, 'model_rejected_request', false],
  [429, 'model_rate_limited', true],
  [500, 'model_unavailable', true],
  [503, 'model_unavailable', true],
])('status %i is %s, retryable: %s', (status, code, retryable) => {
  expect(classifyError(failed(status), 0).fault).toMatchObject({ code, retryable })
})

test('a spent quota is a rate limit that waiting does not lift', () => {
  expect(classifyError(failed(429, 'insufficient_quota'), 0).fault).toMatchObject({
    code: 'model_rate_limited',
    retryable: false,
  })
})

test('a connection that fails or times out is retryable', () => {
  for (const error of [new APIConnectionError({}), new APIConnectionTimeoutError(), new SyntaxError(secret), secret]) {
    expect(classifyError(error, 0).fault).toMatchObject({ code: 'model_unavailable', retryable: true })
  }
})

test('a fault carries neither the body nor the error it came from', () => {
  for (const error of [failed(401, secret), failed(400), new SyntaxError(secret), new Error(secret), secret]) {
    const { fault } = classifyError(error, 0)
    expect(fault.message).not.toContain('secret')
    expect(fault.cause).toBeUndefined()
  }
})

test('the wait that the endpoint asks for is read in each of its forms', () => {
  const now = Date.UTC(2026, 0, 1)
  const asked = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now)
  expect(asked({ 'retry-after-ms': '1500', 'retry-after': '9' })).toBe(1500)
  expect(asked({ 'x-ms-retry-after-ms': '20' })).toBe(20)
  expect(asked({ 'retry-after': '2.5' })).toBe(2500)
  expect(asked({ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' })).toBe(7000)
  expect(asked({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' })).toBe(0)
  for (const value of ['', 'soon', '-4', 'NaN', 'Infinity']) expect(asked({ 'retry-after': value })).toBeUndefined()
  expect(retryAfterMs(undefined, now)).toBeUndefined()
})
