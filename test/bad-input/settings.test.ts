/** What an operator gets wrong before anything runs: a clear error that names the thing and the mend. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRequestFile } from '@concord/cli'
import { Fault } from '@concord/contracts'
import { serviceNames } from '@concord/dev-env'
import { loadDomain } from '@concord/domain'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { shopFolder } from '../e2e/world.ts'
import { away, cli, service, start } from './processes.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'concord-bad-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function brokenShop(file: string, content: string): string {
  const copy = folder()
  cpSync(shopFolder, copy, { recursive: true, filter: (path) => !path.includes('node_modules') })
  writeFileSync(join(copy, file), content)
  return copy
}

test('every service ends with 1 and the mend when a setting is out of range', async () => {
  const ran = await Promise.all(serviceNames.map((name) => service(name, { CONCORD_CONCURRENCY: '0' }).ended))
  const mend = 'CONCORD_CONCURRENCY must be a whole number from 1 to 10000, but is "0". Set it in the environment'
  expect(ran).toEqual(serviceNames.map(() => ({ code: 1, said: expect.stringContaining(mend) as string })))
}, 30_000)

test.each([
  ['intents.yaml', '- id: ['],
  ['rules/03-returns.yaml', '- { id: broken, action: no_such_action, effect: perhaps }'],
  ['articles/returns.md', 'no front matter'],
  ['prompts/triage.md', ''],
  ['samples.yaml', '- { id: one, shows: x, request: {}, expect: { outcome: perhaps } }'],
])('a domain whose %s is broken is not loaded, and the file is named', async (file, content) => {
  const loading = loadDomain(brokenShop(file, content))
  await expect(loading).rejects.toMatchObject({ code: 'invalid_domain', message: expect.stringContaining(file) as string })
})

test('a service whose domain is broken ends with 1 and names the file', async () => {
  const broken = brokenShop('rules/03-returns.yaml', '- { id: broken, effect: perhaps }')
  const { code, said } = await service('triage', { ...away, CONCORD_DOMAIN: broken }).ended
  expect([code, said]).toEqual([1, expect.stringContaining('03-returns.yaml')])
  expect(said).toContain('invalid_domain')
}, 20_000)

test('a service whose parts are away is alive, not ready, and names them', async () => {
  const { said } = service('triage', away)
  const { port } = await eventually(
    () => JSON.parse(/\{[^\n]*"port":\d+[^\n]*\}/.exec(said())?.[0] ?? '') as { port: number },
    15_000,
  )
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    expect(answer.status).toBe(503)
    const { missing } = (await answer.json()) as { missing: string[] }
    expect(missing).toEqual(expect.arrayContaining(['broker', 'registry', 'store']))
  }, 15_000)
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
}, 40_000)

test.each([
  ['{"text": ', 'is no JSON object. Write one object a line'],
  ['["a"]', 'is no JSON object. Write one object a line'],
  ['{"requestId": "a"}', 'text:'],
  ['{"text": ""}', 'the text is empty'],
  [JSON.stringify({ text: 'a'.repeat(100_000) }), 'text:'],
  [JSON.stringify({ text: 'bell \u0007' }), 'control characters'],
  ['{"text": "a", "requestId": "a b"}', 'requestId:'],
])('the line %# of a file is refused, and file, line and mend are named', async (line, named) => {
  const file = join(folder(), 'requests.jsonl')
  writeFileSync(file, `{"text": "fine"}\n${line}\n`)
  const { message, code } = await readRequestFile(file, 'default').then(
    () => new Fault('internal', 'the file was read'),
    (error: unknown) => Fault.from(error),
  )
  expect(code).toBe('invalid_input')
  expect(message).toContain(`${file}:2`)
  expect(message).toContain(named)
})

test('the CLI ends with 1, and names a line that is none, and a domain that cannot be loaded', async () => {
  const file = join(folder(), 'requests.jsonl')
  writeFileSync(file, '{"text": ""}\n')
  const refused = await cli('demo', '--requests', file)
  expect([refused.code, refused.said]).toEqual([
    1,
    expect.stringContaining(`${file}:1 is no valid request: text: the text is empty`),
  ])
  const broken = brokenShop('vocabulary.yaml', '- {}')
  const { code, said } = await start('packages/cli/src/main.ts', ['demo'], { CONCORD_DOMAIN: broken }).ended
  expect(code).toBe(1)
  expect(said).toContain('vocabulary.yaml')
}, 20_000)
