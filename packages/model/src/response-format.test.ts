import { expect, test } from 'vitest'
import { z } from 'zod'
import { responseFormat } from './response-format.ts'

test('a schema whose properties are all required is sent as strict', () => {
  const format = responseFormat(
    z.object({ intent: z.enum(['a']).nullable(), tags: z.array(z.object({ id: z.string() })) }),
    'triage',
  )
  expect(format.json_schema).toMatchObject({
    name: 'triage',
    strict: true,
    schema: { required: ['intent', 'tags'], additionalProperties: false },
  })
  expect(format.json_schema.schema).not.toHaveProperty('$schema')
})

test('optional properties and open records are sent without strictness', () => {
  expect(responseFormat(z.object({ a: z.string().optional() }), 's').json_schema.strict).toBe(false)
  expect(responseFormat(z.object({ a: z.record(z.string(), z.number()) }), 's').json_schema.strict).toBe(false)
  expect(responseFormat(z.object({ a: z.array(z.object({ b: z.number().optional() })) }), 's').json_schema.strict).toBe(false)
})

test('defaults are left out, a property that is called default is not', () => {
  const { schema } = responseFormat(z.object({ default: z.string().default('x') }), 's').json_schema
  expect(schema).toMatchObject({ properties: { default: { type: 'string' } } })
  expect(JSON.stringify(schema)).not.toContain('"x"')
})
