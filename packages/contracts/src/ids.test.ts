import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, contentHash } from './canonical.ts'
import { caseKey, ConversationId, messageId, partitionKey, RequestId, TenantId, type MessageOrigin } from './ids.ts'

const tenantId = TenantId.parse('acme')
const requestId = RequestId.parse('r-1')
const origin: MessageOrigin = { tenantId, requestId, requestHash: 'h', agent: 'triage', revision: 0 }

test('equal values have equal canonical JSON, whatever the order of their keys', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}')
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a content hash is 32 hex digits and tells contents apart', () => {
  expect(contentHash({ a: 1 })).toMatch(/^[0-9a-f]{32}$/)
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }))
})

test('a message id rests on tenant, request, content, maker and revision', () => {
  const others: Partial<MessageOrigin>[] = [
    { tenantId: TenantId.parse('other') },
    { requestId: RequestId.parse('r-2') },
    { requestHash: 'i' },
    { agent: 'policy' },
    { revision: 1 },
  ]
  const ids = [origin, ...others.map((change) => ({ ...origin, ...change }))].map(messageId)
  expect(new Set(ids).size).toBe(6)
  expect(messageId({ ...origin })).toBe(ids[0])
})

test('parts of an id cannot run into each other', () => {
  expect(TenantId.safeParse('a\nb').success).toBe(false)
  expect(TenantId.safeParse('a/b').success).toBe(false)
  expect(TenantId.safeParse('a:b').success).toBe(false)
  expect(RequestId.safeParse('a b').success).toBe(false)
  expect(RequestId.safeParse('').success).toBe(false)
  expect(RequestId.safeParse('Anfrage-ä-☂').success).toBe(true)
})

test('a conversation is a partition, a request a case', () => {
  expect(partitionKey({ tenantId, conversationId: ConversationId.parse('c-9') })).toBe('acme:c-9')
  expect(caseKey({ tenantId, requestId })).toBe('acme/r-1')
})
