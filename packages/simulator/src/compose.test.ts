import { expect, test } from 'vitest'
import { answer } from './answer.ts'
import type { Lie } from './compose.ts'
import { readPrompt } from './prompt.ts'

const claims = [
  { id: 'c1', statement: 'Books are lent for 28 days' },
  { id: 'c2', statement: 'A loan can be renewed twice.' },
]
const actions = [
  {
    id: 'v1',
    statement: 'We renew loan L77 until 3 May.',
    action: 'renew',
    subject: 'loan:L77',
    amountMinor: null,
    currency: null,
  },
]
const obligations = [{ id: 'o1', text: 'A renewal ends when another reader reserves the book.' }]
const forbidden = [
  {
    id: 'v2',
    statement: 'We waive your late fee of 250 cents.',
    action: 'waive',
    subject: 'loan:L77',
    amountMinor: 250,
    currency: 'EUR',
  },
]

const schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    citations: {
      type: 'array',
      items: { type: 'object', properties: { claim: { type: 'string', enum: ['c1', 'c2'] }, quote: { type: 'string' } } },
    },
    commitments: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          action: { type: 'string', enum: ['renew', 'waive'] },
          subject: { type: 'string' },
          amountMinor: { type: ['integer', 'null'] },
          currency: { type: ['string', 'null'] },
          due: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        },
      },
    },
    obligationsMet: { type: 'array', items: { type: 'string' } },
    confidence: { type: 'number' },
  },
}

interface Reply {
  text: string
  citations: { claim: string; quote: string }[]
  commitments: Record<string, unknown>[]
  obligationsMet: string[]
  confidence: number
}

function reply(sections: Record<string, unknown>, lie: Lie | null = null, seed = 0): Reply {
  const content = Object.entries({ message: 'can I keep it longer?', language: 'en', ...sections })
    .map(([name, value]) => `<${name}>\n${typeof value === 'string' ? value : JSON.stringify(value)}\n</${name}>`)
    .join('\n')
  return answer(readPrompt([{ role: 'user', content }]), schema, { seed, lie }) as Reply
}

const renewal = { action: 'renew', subject: 'loan:L77', amountMinor: null, currency: null, due: null }

test('a reply greets, says every statement in order, and cites, promises and meets what it says', () => {
  expect(reply({ claims, actions, obligations, forbidden })).toEqual({
    text: 'Hello,\n\nBooks are lent for 28 days. A loan can be renewed twice. We renew loan L77 until 3 May. A renewal ends when another reader reserves the book.',
    citations: [
      { claim: 'c1', quote: 'Books are lent for 28 days' },
      { claim: 'c2', quote: 'A loan can be renewed twice.' },
    ],
    commitments: [renewal],
    obligationsMet: ['o1'],
    confidence: 0.9,
  })
})

test('each quote stands in the text', () => {
  const { text, citations } = reply({ claims, actions, obligations }, 'overstate')
  for (const { quote } of citations) expect(text).toContain(quote)
})

test('of many statements it says those that answer, and all that it must', () => {
  const many = Array.from({ length: 12 }, (_, at) => ({ id: `m${at}`, statement: `Room ${at} has chairs.` }))
  const { text } = reply({
    claims: [...many, { id: 'c9', statement: 'You may keep a book longer by renewing it.' }],
    actions,
    obligations,
  })
  expect(text).toContain('keep a book longer')
  expect(text).toContain(actions[0]!.statement)
  expect(text).toContain(obligations[0]!.text)
  expect(text.match(/Room/g)?.length).toBe(3)
})

test('what an objection names is not said and not promised again', () => {
  const objections = [{ id: 'f1', statement: 'Not allowed.', remove: ['v1', 'c1'] }]
  expect(reply({ claims, actions, obligations, objections })).toMatchObject({
    text: 'Hello,\n\nA loan can be renewed twice. A renewal ends when another reader reserves the book.',
    citations: [{ claim: 'c2', quote: 'A loan can be renewed twice.' }],
    commitments: [],
  })
})

test('with nothing to say it says so, in the language asked for', () => {
  expect(reply({ claims: [], actions: [], forbidden })).toMatchObject({
    text: 'Hello,\n\nI have no confirmed information on this.',
    citations: [],
    commitments: [],
    confidence: 0.3,
  })
  expect(reply({ claims: [], language: 'de' }).text).toMatch(/^Guten Tag,\n\nDazu liegen/)
})

test('passages, labels and turns of the conversation are not said', () => {
  const passages = [{ id: 'p', title: 'T', text: 'A passage.' }]
  const history = [{ role: 'customer', text: 'A turn.' }]
  expect(reply({ passages, history, claims }).text).not.toMatch(/passage|turn/)
})

test('the lie overpromise promises the first thing that is forbidden, in words and as a commitment', () => {
  const { text, commitments } = reply({ claims, actions, forbidden }, 'overpromise')
  expect(text).toContain('We waive your late fee of 250 cents.')
  expect(commitments).toEqual([renewal, { action: 'waive', subject: 'loan:L77', amountMinor: 250, currency: 'EUR', due: null }])
})

test('the lie overpromise needs no permitted action beside it', () => {
  expect(reply({ claims: [], actions: [], forbidden }, 'overpromise').commitments).toMatchObject([{ action: 'waive' }])
})

test('the reason of what is forbidden is told, and is no promise', () => {
  const refused = forbidden.map((item) => ({ ...item, reason: 'Fees of more than 200 cents stay.' }))
  const honest = reply({ claims: [], forbidden_actions: refused })
  expect(honest).toMatchObject({ text: 'Hello,\n\nFees of more than 200 cents stay.', commitments: [] })
  expect(reply({ claims: [], forbidden_actions: refused }, 'overpromise').commitments).toMatchObject([{ action: 'waive' }])
})

test('the lie overstate changes the first number that is said', () => {
  const { text, citations } = reply({ claims, actions }, 'overstate')
  expect(text).toContain('Books are lent for 56 days.')
  expect(citations[0]).toEqual({ claim: 'c1', quote: 'Books are lent for 56 days' })
  expect(text).toContain('L77 until 3 May')
})

test('another seed may choose other words, the same seed never does', () => {
  expect(reply({ claims }, null, 1).text).not.toBe(reply({ claims }, null, 0).text)
  expect(reply({ claims }, null, 1)).toEqual(reply({ claims }, null, 1))
})
