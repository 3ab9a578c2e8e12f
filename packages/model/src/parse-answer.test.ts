import { expect, test } from 'vitest'
import { z } from 'zod'
import { extractJson, parseAnswer } from './parse-answer.ts'

const schema = z.object({ intent: z.enum(['a', 'b']), score: z.number().max(1) })

test('an answer that fits is its value', () => {
  expect(parseAnswer('{"intent":"a","score":1}', schema)).toEqual({ ok: true, value: { intent: 'a', score: 1 } })
})

test.each([
  ['a code fence', 'Sure:\n```json\n{"intent":"a","score":0.5}\n```\nBye.'],
  ['prose with brackets', 'See [note] below. {"intent":"a","score":0.5} Done {really}.'],
  ['prose that ends in it', 'The answer is {"intent":"a","score":0.5}'],
])('JSON is found within %s', (_, text) => {
  expect(parseAnswer(text, schema)).toEqual({ ok: true, value: { intent: 'a', score: 0.5 } })
})

test('brackets and quotes within strings do not end the JSON', () => {
  expect(extractJson(String.raw`Look: {"text":"a } \" ] b"} end`)).toEqual({ value: { text: 'a } " ] b' } })
})

test('a part of a broken answer is never taken for the answer', () => {
  expect(extractJson('Sure: {"items":[{"id":1},{"id":2}')).toBeUndefined()
  expect(parseAnswer('{"items":[{"id":1}', z.object({ id: z.number() })).ok).toBe(false)
})

test('what is wrong is told to the model in full, and to the log by place and kind only', () => {
  const parsed = parseAnswer('{"intent":"private words","score":"private words"}', schema)
  expect(parsed).toMatchObject({ ok: false, problem: 'intent invalid_value, score invalid_type' })
  expect(parsed.ok ? '' : parsed.detail).toContain('- intent: ')
})

test('text without JSON is no answer', () => {
  expect(parseAnswer('I would rather not.', schema)).toMatchObject({ ok: false, problem: 'no JSON' })
})
