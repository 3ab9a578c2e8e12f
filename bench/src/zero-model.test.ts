import { expect, test } from 'vitest'
import { z } from 'zod'
import { createZeroModel } from './zero-model.ts'

const ask = (name: string, input: Record<string, unknown>, schema: z.ZodType = z.unknown()) =>
  createZeroModel().ask({
    prompt: { name, version: '1', hash: 'h', system: '', user: '' },
    input,
    schema,
    schemaName: name,
    call: { callId: 'c', agent: name, tenantId: 't', requestId: 'r', deadline: Date.now() + 1_000 },
    signal: new AbortController().signal,
  })

test('a message gets the intent whose example is most like it', async () => {
  const labels = [
    { id: 'opening', examples: ['When are you open?'] },
    { id: 'price', examples: ['How much is it?', 'what does this cost'] },
  ]
  const { value } = await ask('triage', { labels, message: 'How much does this cost?' })
  expect(value).toMatchObject({ intent: 'price', flags: [] })
})

test('a quote is the first sentence of the best passage, and a reply says over what it was given', async () => {
  const passages = [{ id: 'hours@1/0', text: 'We open at 8. We close at 6.' }]
  expect((await ask('knowledge', { passages })).value).toMatchObject({
    selected: [{ passage: 'hours@1/0', quote: 'We open at 8.' }],
  })
  const { value } = await ask('response', { claims: [{ id: 'c1', statement: 'We open at 8.' }] })
  expect(value).toMatchObject({ text: 'We open at 8.', citations: [{ claim: 'c1', quote: 'We open at 8.' }] })
})

test('an answer that its schema refuses, and a prompt without a rule, are errors', async () => {
  await expect(ask('triage', { labels: [], message: 'x' }, z.object({ intent: z.literal('y') }))).rejects.toThrow()
  await expect(ask('poem', {})).rejects.toThrow('no rule for the prompt poem')
})
