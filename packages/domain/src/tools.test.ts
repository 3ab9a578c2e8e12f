import { Fault, type Clock } from '@concord/contracts'
import { expect, test } from 'vitest'
import { loadDomain } from './load.ts'
import { libraryFolder } from './testing.ts'
import type { Fetch } from './tool-http.ts'
import { createHttpTools } from './tools.ts'

const { tools } = await loadDomain(libraryFolder)
const { signal } = new AbortController()

/** Stands still; `ring` is the time-out that was set last. */
function createStillClock(): Pick<Clock, 'now' | 'after'> & { ring(): void } {
  let alarm = () => {}
  return { now: () => 1_000, after: (_, run) => ((alarm = run), () => {}), ring: () => alarm() }
}

interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body: unknown
}

/** A back end that answers everything alike and keeps what it was sent. */
function backend(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = []
  const fetch: Fetch = async (url, { method, headers, body }) => {
    sent.push({
      url,
      method: method!,
      headers: headers as Record<string, string>,
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
    })
    return answer()
  }
  const clock = createStillClock()
  return { sent, clock, tools: createHttpTools({ baseUrl: 'http://backend/', tools: tools.values(), clock, fetch }) }
}

const json = (status: number, body: unknown, etag?: string) =>
  new Response(JSON.stringify(body), { status, ...(etag === undefined ? {} : { headers: { etag } }) })
const write = { signal, idempotencyKey: 'case/renew/L100', recordVersion: '4' }

test('a read fills the path and gives the record with its version', async () => {
  const { tools, sent, clock } = backend(() => json(200, { id: 'L1' }, '"4"'))
  const result = await tools.read('get_loan', { loanId: 'L1' }, { signal })
  expect(result).toMatchObject({
    tool: 'get_loan',
    status: 'found',
    data: '{"id":"L1"}',
    args: '{"loanId":"L1"}',
    recordVersion: '4',
    at: clock.now(),
  })
  expect(sent[0]).toMatchObject({ url: 'http://backend/loans/L1', method: 'GET' })
})

test('what is not in the path of a GET stands in its query', async () => {
  const { tools, sent } = backend(() => json(200, {}))
  await tools.read('get_book', { bookId: 'a b&c' }, { signal })
  expect(sent[0]!.url).toBe('http://backend/books?bookId=a+b%26c')
})

test('one answer has one id, another answer has another', async () => {
  let version = 1
  const { tools } = backend(() => json(200, { version }, `"${version}"`))
  const first = await tools.read('get_loan', { loanId: 'L1' }, { signal })
  const again = await tools.read('get_loan', { loanId: 'L1' }, { signal })
  version = 2
  const changed = await tools.read('get_loan', { loanId: 'L1' }, { signal })
  expect(again.id).toBe(first.id)
  expect(changed.id).not.toBe(first.id)
})

test.each([
  [404, 'not_found'],
  [403, 'denied'],
  [401, 'denied'],
])('a read that gets %i is %s', async (status, expected) => {
  const { tools } = backend(() => json(status, { error: 'x', message: 'private' }))
  expect(await tools.read('get_loan', { loanId: 'L1' }, { signal })).toMatchObject({
    status: expected,
    data: 'null',
    recordVersion: null,
  })
})

test.each([500, 503, 429])('an answer %i means to try again', async (status) => {
  const { tools } = backend(() => json(status, {}))
  await expect(tools.read('get_loan', { loanId: 'L1' }, { signal })).rejects.toMatchObject({
    code: 'tool_unavailable',
    retryable: true,
  })
})

test('a back end that cannot be reached means to try again', async () => {
  const { tools } = backend(() => Promise.reject(new TypeError('fetch failed')))
  await expect(tools.read('get_loan', { loanId: 'L1' }, { signal })).rejects.toMatchObject({
    code: 'tool_unavailable',
    retryable: true,
  })
})

test('a back end that does not answer is given up after its time', async () => {
  const clock = createStillClock()
  const fetch: Fetch = (_, init) =>
    new Promise((_resolve, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason)))
  const slow = createHttpTools({ baseUrl: 'http://backend', tools: tools.values(), clock, fetch, timeoutMs: 1_000 })
  const answer = slow.read('get_loan', { loanId: 'L1' }, { signal }).catch((error: unknown) => Fault.from(error))
  clock.ring()
  expect(await answer).toMatchObject({ code: 'tool_unavailable', retryable: true })
})

test('a caller that gives up is not told to try again', async () => {
  const abort = new AbortController()
  const { tools } = backend(() => Promise.reject(abort.signal.reason))
  abort.abort()
  await expect(tools.read('get_loan', { loanId: 'L1' }, { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' })
})

test.each([
  ['a wrong value', { loanId: '../admin' }],
  ['a missing one', {}],
  ['one too many', { loanId: 'L1', all: true }],
])('arguments with %s are refused before anything is called', async (_, args) => {
  const { tools, sent } = backend(() => json(200, {}))
  await expect(tools.read('get_loan', args, { signal })).rejects.toMatchObject({ code: 'tool_rejected', retryable: false })
  expect(sent).toEqual([])
})

test('reads and writes are apart, and nothing undeclared is called', async () => {
  const { tools, sent } = backend(() => json(200, {}))
  await expect(tools.read('write_branch', { memberId: 'M1', branch: 'N' }, { signal })).rejects.toThrow(
    "there is no read tool 'write_branch'",
  )
  await expect(tools.write('get_loan', { loanId: 'L1' }, write)).rejects.toThrow("there is no write tool 'get_loan'")
  await expect(tools.read('rm', {}, { signal })).rejects.toMatchObject({ code: 'tool_rejected' })
  expect(sent).toEqual([])
})

test('a write carries its key and the version that it rests on', async () => {
  const { tools, sent } = backend(() => json(200, { message: 'renewed' }, '"5"'))
  expect(await tools.write('write_renewal', { loanId: 'L1', days: 21 }, write)).toEqual({
    status: 'done',
    message: 'renewed',
    recordVersion: '5',
  })
  expect(sent[0]).toMatchObject({ url: 'http://backend/loans/L1/renewal', method: 'POST', body: { days: 21 } })
  expect(sent[0]!.headers).toMatchObject({ 'idempotency-key': 'case/renew/L100', 'if-match': '"4"' })
})

test.each([
  [412, 'conflict'],
  [422, 'refused'],
  [409, 'refused'],
  [404, 'refused'],
])('a write that gets %i is %s, with the words of the back end', async (status, expected) => {
  const { tools } = backend(() => json(status, { error: 'x', message: 'The loan is overdue.' }))
  expect(await tools.write('write_renewal', { loanId: 'L1', days: 7 }, write)).toMatchObject({
    status: expected,
    message: 'The loan is overdue.',
  })
})

test('the back end is asked what it knows of a key', async () => {
  const known = backend(() => json(200, { status: 'done' }))
  expect(await known.tools.operation('a/b')).toEqual({ result: { status: 'done' } })
  expect(known.sent[0]!.url).toBe('http://backend/operations/a%2Fb')
  const unknown = backend(() => json(404, {}))
  expect(await unknown.tools.operation('a/b')).toBeNull()
})
