import { loadSchemas, topics, type AvroSchemaJson } from '@concord/contracts'
import { aPolicy, aRequest, aVerdict } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { maskPersonal } from './mask.ts'

const schemaOf = (noun: string): AvroSchemaJson =>
  loadSchemas().subjects.find((subject) => subject.noun === noun)?.current ?? 'null'

test('what the schema calls personal is hidden, and the rest is shown', () => {
  const masked = maskPersonal(schemaOf('requests'), aRequest({ text: 'I am Ada.', customerId: 'c-ada' }))
  expect(masked).toMatchObject({ requestId: 'req-1', channel: 'api', text: '(personal)', customerId: '(personal)' })
  expect(JSON.stringify(masked)).not.toMatch(/Ada|c-ada/)
})

test('what stands deep inside, or is of a type that was named before, is hidden too', () => {
  const masked = maskPersonal(schemaOf('policy'), aPolicy({ verdicts: [aVerdict({ subject: 'order:ada' })] }))
  expect(masked).toMatchObject({ envelope: { requestId: 'req-1', request: { text: '(personal)' } } })
  expect(JSON.stringify(masked)).not.toContain('order:ada')
})

test('nothing is not personal', () => {
  expect(maskPersonal(schemaOf('requests'), aRequest({ customerId: null }))).toMatchObject({ customerId: null })
})

test('a field that the schema does not name is not shown', () => {
  expect(JSON.stringify(maskPersonal(schemaOf('requests'), { ...aRequest(), secret: 'Ada' }))).not.toContain('Ada')
})

test.each(topics.map(({ noun }) => noun))('no schema of %s leaves a union or a type that cannot be walked', (noun) => {
  expect(maskPersonal(schemaOf(noun), {})).toBeTypeOf('object')
})
