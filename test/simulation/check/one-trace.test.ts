import { replies, requests } from '@concord/contracts'
import { aReply, aRequest } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { oneTrace } from './one-trace.ts'
import { createLog, facts } from './testing.ts'

const trace = (digit: string) => ({ traceparent: `00-${digit.repeat(32)}-${'1'.repeat(16)}-01` })

test('messages in the trace of their request are in one trace, under whatever parent', () => {
  const log = createLog()
  log.said(requests, aRequest(), { headers: trace('a') })
  log.said(replies, aReply())
  expect(oneTrace(facts({ appended: log.all }))).toEqual([])
})

test('a message in another trace is found', () => {
  const log = createLog()
  log.said(requests, aRequest(), { headers: trace('a') })
  log.said(replies, aReply(), { headers: trace('c') })
  expect(oneTrace(facts({ appended: log.all }))).toEqual(['concord.replies.v1/0@0 of req-1 is not in the trace of its request.'])
})
