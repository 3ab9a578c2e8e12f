import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { parseRequest, readRequestFile } from './request-file.ts'

let file: string
beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'concord-requests-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  file = join(dir, 'requests.jsonl')
})

const read = async (content: string | Buffer, limit?: number) => {
  await writeFile(file, content)
  return readRequestFile(file, 'acme', limit)
}
const saying = (words: string) => expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(words) })

test('each line is a request; known fields keep their place, others become metadata', async () => {
  const [request] = await read('{"text":"Hi","customerId":"c-1","topic":"x","score":3,"nothing":null,"metadata":{"a":"b"}}\n')
  expect(request).toMatchObject({ tenantId: 'acme', text: 'Hi', customerId: 'c-1', metadata: { topic: 'x', score: '3', a: 'b' } })
  expect(request?.metadata).not.toHaveProperty('nothing')
})

test('a line without an id gets one of its own', async () => {
  const [a, b] = await read('{"text":"Hi"}\n{"text":"Hi"}\n')
  expect(a?.requestId).not.toBe(b?.requestId)
})

test('a bad line is named by its number in the file, blank lines counted', async () => {
  await expect(read('{"text":"Hi"}\n\n{"text":""}\n')).rejects.toEqual(
    saying(`${file}:3 is no valid request: text: the text is empty`),
  )
  await expect(read('{"text":"Hi"}\n[1]\n')).rejects.toEqual(saying(`${file}:2 is no JSON object`))
  await expect(read('{"words":"Hi"}\n')).rejects.toEqual(saying(`${file}:1 is no valid request: text: it is missing`))
})

test('bytes that are no UTF-8 are named by their line', async () => {
  const bad = Buffer.concat([Buffer.from('{"text":"ok"}\n{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')])
  await expect(read(bad)).rejects.toEqual(saying(`${file}:2 is not valid UTF-8`))
  await expect(read(Buffer.from([0xc3]))).rejects.toEqual(saying(`${file}:1 is not valid UTF-8`))
})

test('a byte order mark is no part of the first line', async () => {
  expect(await read('\uFEFF{"text":"Hi"}')).toHaveLength(1)
})

test('only lines within the limit are read', async () => {
  expect(await read('{"text":"Hi"}\nbroken\n', 1)).toHaveLength(1)
})

test('a file without requests, or none at all, is said to be so', async () => {
  await expect(read('\n \n')).rejects.toEqual(saying('holds no request'))
  await expect(readRequestFile(join(file, 'missing'), 'acme')).rejects.toEqual(saying('cannot be read'))
})

test.each([
  ['control characters', { text: 'a\u0001b' }, 'the text holds control characters'],
  ['100 kB of text', { text: 'a'.repeat(100_000) }, 'text: Too big'],
  ['an id with white space', { text: 'Hi', requestId: 'a b' }, 'requestId: an identifier holds no white space'],
  ['a deadline that is no number', { text: 'Hi', deadline: 'soon' }, 'deadline:'],
])('%s is refused by name', (_, fields, words) => {
  expect(() => parseRequest(fields, 'acme', '--text')).toThrow(words)
})
