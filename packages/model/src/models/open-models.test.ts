import { createVirtualClock } from '@concord/testing'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../gateway/testing.ts'
import { openModels } from './open-models.ts'

const models = `
endpoints:
  main:
    baseUrl: http://127.0.0.1:4010/v1
    models:
      large: { tier: premium, contextWindow: 128000, capabilities: [json_schema], atOnce: 8, waiting: 16 }
      small: { tier: economy, contextWindow: 32000, maxOutputTokens: 900 }
  second:
    baseUrlEnv: CONCORD_MODEL_URL_SECOND
    keyEnv: CONCORD_MODEL_KEY_SECOND
    models:
      large: { tier: premium, contextWindow: 128000 }
routes:
  - name: urgent
    when: { priority: [urgent, high], level: [0] }
    use: [main/large, second/large]
  - name: replies
    when: { prompt: [response] }
    use: [second/large]
    shadow: { use: main/small, share: 0.1 }
  - name: rest
    use: [main/small]
`
const prices = `
currency: USD
prices:
  - { model: large, from: 2026-01-01, input: 3, cachedInput: 0.3, output: 15 }
  - { model: large, from: 2026-02-01, input: 2, output: 10 }
  - { model: large, endpoint: second, from: 2026-01-01, input: 4, output: 16 }
`
const env = { CONCORD_MODEL_URL_SECOND: 'http://127.0.0.1:4011/v1', CONCORD_MODEL_KEY_SECOND: 'sk-secret' }

function setup(files: { models?: string; prices?: string } = {}, variables: Record<string, string> = env) {
  const folder = mkdtempSync(join(tmpdir(), 'models-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write = (name: 'models' | 'prices', text: string): void => writeFileSync(join(folder, `${name}.yaml`), text)
  write('models', files.models ?? models)
  write('prices', files.prices ?? prices)
  const clock = createVirtualClock()
  const { events, onEvent } = listen()
  const end = new AbortController()
  const open = () => openModels({ folder, env: variables, clock, signal: end.signal, onEvent })
  return { open, write, clock, events, end, folder }
}

const query = { prompt: 'triage', priority: 'normal', level: 0 }

test('a call takes the first route whose conditions it meets', () => {
  const { pick } = setup().open().routes()
  const taken = (more: Partial<typeof query>) => pick({ ...query, ...more }).name
  expect(taken({})).toBe('rest')
  expect(taken({ priority: 'high' })).toBe('urgent')
  expect(taken({ priority: 'urgent', level: 1 })).toBe('rest')
  expect(taken({ prompt: 'response' })).toBe('replies')
  expect(taken({ prompt: 'response', priority: 'urgent' })).toBe('urgent')
})

test('a target is what the file says of it', () => {
  const routes = setup().open().routes()
  const [large, second] = routes.pick({ ...query, priority: 'urgent' }).targets
  expect(large).toMatchObject({ id: 'main/large', structured: true, contextWindow: 128_000, atOnce: { most: 8, waiting: 16 } })
  expect(second).toMatchObject({ id: 'second/large', at: 'second', structured: false, requestTimeoutMs: 30_000 })
  expect(routes.pick(query).targets).toMatchObject([{ id: 'main/small', maxOutputTokens: 900 }])
  expect(routes.pick({ ...query, prompt: 'response' }).shadow).toMatchObject({ target: { id: 'main/small' }, share: 0.1 })
})

test('a price is that of the day, and of the endpoint before that of any', () => {
  const book = setup().open().prices()
  const at = (date: string) => Date.parse(date)
  expect(book.priceOf('large', 'main', at('2025-12-31T23:59:59Z'))).toBeUndefined()
  expect(book.priceOf('large', 'main', at('2026-01-31T23:59:59Z'))).toMatchObject({ input: 3, cachedInput: 0.3 })
  expect(book.priceOf('large', 'main', at('2026-02-01T00:00:00Z'))).toMatchObject({ input: 2 })
  expect(book.priceOf('large', 'second', at('2026-02-01T00:00:00Z'))).toMatchObject({ input: 4 })
  expect(book.priceOf('small', 'main', at('2026-02-01T00:00:00Z'))).toBeUndefined()
})

test('a change holds within three seconds', async () => {
  const { open, write, clock, events } = setup()
  const held = open()
  write('models', models.replace('use: [main/small]', 'use: [main/large]'))
  expect(held.routes().pick(query).targets[0].id).toBe('main/small')
  await clock.advance(3_000)
  expect(held.routes().pick(query).targets[0].id).toBe('main/large')
  write('prices', prices.replace('input: 2,', 'input: 7,'))
  await clock.advance(3_000)
  expect(held.prices().priceOf('large', 'main', Date.parse('2026-03-01'))?.input).toBe(7)
  expect(events).toMatchObject([{ kind: 'models_loaded' }, { kind: 'models_loaded' }])
})

test('a broken change is refused once, with the reason, and what was read before holds until it is mended', async () => {
  const { open, write, clock, events, folder } = setup()
  const held = open()
  const before = held.routes()
  write('models', models.replace('use: [main/small]', 'use: [main/smal]'))
  await clock.advance(9_000)
  expect(held.routes()).toBe(before)
  expect(events).toEqual([{ kind: 'models_refused', reason: expect.stringContaining('there is no model "main/smal"') }])
  rmSync(join(folder, 'models.yaml'))
  await clock.advance(3_000)
  expect(held.routes()).toBe(before)
  expect(events.at(-1)).toEqual({ kind: 'models_refused', reason: expect.stringContaining('models.yaml cannot be read') })
  write('models', models.replace('use: [main/small]', 'use: [main/large]'))
  await clock.advance(3_000)
  expect(held.routes().pick(query).targets[0].id).toBe('main/large')
})

test('once it is told to end, it looks no more', async () => {
  const { open, clock, end } = setup()
  open()
  end.abort()
  expect(await clock.step()).toBe(false)
})

test.each([
  ['models', 'tier: economy', 'tier: cheap', /models\.yaml: endpoints\.main\.models\.small\.tier: .*Correct the value\./],
  ['models', 'tier: economy', 'teir: economy', /models\.yaml: endpoints\.main\.models\.small: .*"teir".*Remove it/],
  [
    'models',
    'use: [main/small]',
    'use: [main/tiny]',
    /routes\.2\.use\.0: there is no model "main\/tiny"\. Name one of main\/large, main\/small, second\/large\./,
  ],
  ['models', 'use: main/small, share', 'use: tiny, share', /routes\.1\.shadow\.use: there is no model "tiny"/],
  [
    'models',
    '[main/large, second/large]',
    '[main/large, main/large]',
    /routes\.0\.use\.1: main\/large stands twice\. Name each model once\./,
  ],
  ['models', 'name: rest', 'name: urgent', /routes\.2\.name: urgent is the name of another route/],
  [
    'models',
    'name: rest',
    'name: rest\n    when: { level: [0] }',
    /routes\.2: a call may meet no route\. Let the last route have no "when"\./,
  ],
  ['models', 'when: { prompt: [response] }', '', /routes\.1: the routes after it are never taken/],
  ['models', 'baseUrl: http://127.0.0.1:4010/v1', 'baseUrl: 127.0.0.1', /endpoints\.main\.baseUrl: must be an http or https URL/],
  [
    'models',
    'baseUrl: http://127.0.0.1:4010/v1',
    'provider: x',
    /endpoints\.main: has no base URL\. Give baseUrl or baseUrlEnv\./,
  ],
  [
    'models',
    'CONCORD_MODEL_KEY_SECOND',
    'HOME',
    /endpoints\.second\.keyEnv: must be OPENAI_API_KEY, or begin with CONCORD_MODEL_KEY_/,
  ],
  [
    'models',
    'CONCORD_MODEL_KEY_SECOND',
    'CONCORD_MODEL_KEY_THIRD',
    /CONCORD_MODEL_KEY_THIRD is not set\. Set CONCORD_MODEL_KEY_THIRD, or leave keyEnv out\./,
  ],
  ['models', 'share: 0.1', 'share: 10', /routes\.1\.shadow\.share: /],
  ['models', 'endpoints:', 'endpoints: [', /models\.yaml: line \d+, column \d+: is no YAML/],
  [
    'prices',
    '2026-02-01',
    '2026-01-01',
    /prices\.yaml: prices\.1: large has another price from 2026-01-01\. Remove one of them\./,
  ],
  ['prices', '2026-02-01', '2026-02-30', /prices\.yaml: prices\.1\.from: /],
  ['prices', 'output: 15', 'output: -15', /prices\.yaml: prices\.0\.output: /],
  ['prices', 'currency: USD', 'currency: dollars', /prices\.yaml: currency: must be three capitals/],
] as const)('%s.yaml with %j as %j is refused, with place and mend', (file, old, now, says) => {
  const text = { models, prices }[file]
  expect(text).toContain(old)
  const { open } = setup({ [file]: text.replace(old, now) })
  expect(open).toThrow(says)
  expect(open).toThrow(/^invalid_config: /)
})

test('a variable with no URL is refused without being shown', () => {
  const { open } = setup({}, { ...env, CONCORD_MODEL_URL_SECOND: 'user:secret@host' })
  expect(open).toThrow(/endpoints\.second\.baseUrlEnv: CONCORD_MODEL_URL_SECOND holds no http or https URL/)
  expect(open).not.toThrow(/secret@/)
})

test('the folder of this repository holds', () => {
  const folder = join(import.meta.dirname, '../../../../infra/models')
  const text = readFileSync(join(folder, 'models.yaml'), 'utf8')
  const { open } = setup({ models: text, prices: readFileSync(join(folder, 'prices.yaml'), 'utf8') }, {})
  const held = open()
  const [first] = held.routes().pick(query).targets
  expect(held.urls()).toEqual(['http://127.0.0.1:4010/v1'])
  expect(held.prices().priceOf(first.model, first.at, Date.parse('2026-06-01'))).toBeDefined()
})
