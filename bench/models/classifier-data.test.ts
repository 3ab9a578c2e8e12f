import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@concord/model'
import { expect, onTestFinished, test } from 'vitest'
import { draw, halves, readUtterances } from './classifier-data.ts'

async function written(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'concord-bench-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

test('a line of JSON is a message', async () => {
  const file = await written(
    'a.jsonl',
    '{"id":1,"text":"hi","intent":"greet","category":"TALK"}\n\n{"text":"bye","intent":"part"}\n',
  )
  expect(await readUtterances(file)).toEqual([
    { text: 'hi', intent: 'greet', category: 'TALK' },
    { text: 'bye', intent: 'part' },
  ])
})

test('a row of a table is a message, quotes and all', async () => {
  const file = await written('a.csv', 'intent,text\r\ngreet,"hi, ""you""\nthere"\r\npart,bye\r\n')
  expect(await readUtterances(file)).toEqual([
    { intent: 'greet', text: 'hi, "you"\nthere' },
    { intent: 'part', text: 'bye' },
  ])
})

test.each(['{"text":"hi"}', '{"text":"","intent":"greet"}', 'hi', '[1]', '{"text":1,"intent":"greet"}'])(
  '%s is refused',
  async (line) => {
    const file = await written('a.jsonl', `{"text":"hi","intent":"greet"}\n${line}\n`)
    await expect(readUtterances(file)).rejects.toThrow(/^invalid_input: .*a\.jsonl, row 2 is no labelled message/)
  },
)

test('a file that is not there is named', async () => {
  await expect(readUtterances('/nowhere/a.jsonl')).rejects.toThrow('not_found: /nowhere/a.jsonl')
})

const rows = Array.from({ length: 400 }, (_, n) => ({
  text: `message ${'abcdefghij'.charAt(n % 10)}${'klmnopqrst'.charAt((n / 10) % 10)}`,
  intent: `${n % 4}`,
}))

test('halves are about equal, and copies stay together', () => {
  const [one, other] = halves(rows)
  expect(one.length + other.length).toBe(rows.length)
  expect(Math.abs(one.length - other.length)).toBeLessThan(150)
  const texts = new Set(one.map(({ text }) => text))
  expect(other.some(({ text }) => texts.has(text))).toBe(false)
  const copies = ['Order 12!', 'order 9', 'ORDER  47'].map((text) => ({ text, intent: 'a' }))
  expect(halves(copies).map(({ length }) => length)).toContain(3)
})

test('a draw holds so many of each, and is repeated by its seed', () => {
  const drawn = draw(rows, 5, seededRandom(1))
  expect([...Map.groupBy(drawn, ({ intent }) => intent).values()].map(({ length }) => length)).toEqual([5, 5, 5, 5])
  expect(draw(rows, 5, seededRandom(1))).toEqual(drawn)
  expect(draw(rows, 5, seededRandom(2))).not.toEqual(drawn)
})
