/** The walk-through of CONTRIBUTING.md is carried out in a copy of the files that it touches: it compiles, and the agent answers. */

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { applyDiff, codeBlocks, read, root } from './markdown.ts'

const run = promisify(execFile)
const timeout = 60_000

/** Within the workspace, where imports resolve; a folder called .cache is seen by no tool. */
const caches = join(import.meta.dirname, '.cache')
mkdirSync(caches, { recursive: true })
const copy = mkdtempSync(join(caches, 'walk-through-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const blocks = codeBlocks(read('CONTRIBUTING.md')).filter(({ file }) => file !== null)
const copied = ['schemas', 'packages/contracts/src', 'packages/dev-env/src', 'packages/dev-env/package.json'].concat(
  'domains/shop',
  'docker-compose.yml',
  'infra/prometheus/prometheus.yml',
)
const inCopy = (path: string): string => join(copy, path)

beforeAll(() => {
  for (const path of copied)
    cpSync(join(root, path), inCopy(path), { recursive: true, filter: (from) => !/node_modules/.test(from) })
  for (const { language, file, text } of blocks) {
    const target = inCopy(file ?? '')
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(
      target,
      language === 'diff' ? applyDiff(readFileSync(target, 'utf8'), text, file ?? '') : withEnvelope(file ?? '', text),
    )
  }
  link('packages/contracts', 'packages/contracts')
  link('packages/dev-env', 'packages/dev-env')
  link('services/sentiment', 'services/triage') // whose packages are the same and more
  writeFileSync(inCopy('tsconfig.json'), JSON.stringify(typeScriptConfig()))
  writeFileSync(inCopy('vitest.config.ts'), vitestConfig())
})

function link(folder: string, like: string): void {
  symlinkSync(join(root, like, 'node_modules'), inCopy(`${folder}/node_modules`))
}

/** The text says where the envelope is to be copied from. */
function withEnvelope(file: string, text: string): string {
  if (!file.startsWith('schemas/')) return text
  if (file.endsWith('.avsc')) {
    const { fields } = JSON.parse(read('schemas/triage/v1.avsc')) as { fields: { name: string; type: unknown }[] }
    const envelope = JSON.stringify(fields.find(({ name }) => name === 'envelope')?.type)
    return text.replace('"Envelope"', () => envelope)
  }
  const { envelope } = JSON.parse(read('schemas/triage/examples/valid-nothing-fits.json')) as { envelope: unknown }
  return text.replace('"envelope": {}', () => `"envelope": ${JSON.stringify(envelope)}`)
}

/** The copies instead of the packages, for every module that imports them; the longer name first. */
const instead = {
  '@concord/contracts/testing': 'packages/contracts/src/testing.ts',
  '@concord/contracts': 'packages/contracts/src/index.ts',
  '@concord/sentiment': 'services/sentiment/src/service.ts',
}

const typeScriptConfig = () => ({
  extends: relative(copy, join(root, 'tsconfig.json')),
  compilerOptions: { paths: Object.fromEntries(Object.entries(instead).map(([name, path]) => [name, [`./${path}`]])) },
  include: ['services', 'packages/dev-env/src/roster.ts'],
})

function vitestConfig(): string {
  const alias = Object.fromEntries(Object.entries(instead).map(([name, path]) => [name, inCopy(path)]))
  const contracts = ['mirror', 'round-trip'].map((name) => `packages/contracts/src/${name}.test.ts`)
  const test = { include: ['services/sentiment/src/*.test.ts', ...contracts], exclude: [] }
  return `export default ${JSON.stringify({ resolve: { alias }, test })}`
}

/** Runs a tool of the workspace in the copy; rejects with what it wrote when it fails. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('VITEST') && key !== 'NODE_ENV'))
  try {
    const { stdout } = await run(join(root, 'node_modules/.bin', name), args, { cwd: copy, env, timeout })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${name}:\n${stdout}${stderr}`, { cause: error })
  }
}

test('it has a contract, examples, a prompt, a manifest with its test, and the lines that register it', () => {
  const files = blocks.map(({ language, file }) => (language === 'diff' ? `${file} changed` : file))
  expect(files).toEqual(
    expect.arrayContaining([
      'schemas/sentiment/v1.avsc',
      'schemas/sentiment/examples/valid-annoyed.json',
      'schemas/sentiment/examples/invalid-mood-unknown.json',
      'domains/shop/prompts/sentiment.md',
      'services/sentiment/src/service.ts',
      'services/sentiment/src/service.test.ts',
      'packages/contracts/src/topics.ts changed',
      'packages/dev-env/src/roster.ts changed',
    ]),
  )
})

test('its code and the roster with it compile', { timeout }, async () => {
  const said = await tool('tsc', '-p', 'tsconfig.json').catch((error: unknown) => String(error))
  // Paths that lead out of the copy are other files', and theirs to answer for.
  expect(said.match(/^(?!\.\.).*\(\d+,\d+\): error.*$/gm) ?? []).toEqual([])
})

test('the agent answers a message, and the new contract passes the proofs of all contracts', { timeout }, async () => {
  await tool('vitest', 'run', '--root', copy, '-t', 'sentiment|mood|model', '--reporter=json', '--outputFile=report.json')
  const report = JSON.parse(readFileSync(inCopy('report.json'), 'utf8')) as {
    numFailedTests: number
    testResults: { assertionResults: { title: string; status: string }[] }[]
  }
  const passed = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed')
  const titles = passed.map(({ title }) => title)
  expect(report.numFailedTests).toBe(0)
  expect(titles).toEqual(
    expect.arrayContaining([
      'a request becomes a mood',
      'sentiment: zod mirrors Avro field by field',
      'sentiment/valid-annoyed.json comes back as it was',
      'sentiment/invalid-mood-unknown.json is refused by the field',
    ]),
  )
})

test('a domain with its prompt loads, and Compose and Prometheus know it', async () => {
  const { loadDomain } = await import('@concord/domain')
  const domain = await loadDomain(inCopy('domains/shop'))
  expect(domain.prompt('sentiment')).toMatchObject({ version: '1', user: expect.stringContaining('{{moods}}') as string })
  const compose = parse(readFileSync(inCopy('docker-compose.yml'), 'utf8'), { merge: true }) as {
    services: Record<string, { command?: string[] }>
  }
  expect(compose.services['sentiment']?.command).toEqual(['services/sentiment/src/main.ts'])
  expect(compose.services['knowledge']?.command).toEqual(['services/knowledge/src/main.ts'])
  expect(readFileSync(inCopy('infra/prometheus/prometheus.yml'), 'utf8')).toContain('[triage, sentiment, ')
})

test('a change that does not fit any more is noticed', () => {
  expect(applyDiff('a\nb\nc', ' b\n+new', 'f')).toBe('a\nb\nnew\nc')
  expect(applyDiff('a\nb\nc', ' a\n-b\n+new', 'f')).toBe('a\nnew\nc')
  expect(() => applyDiff('a\nb\nc', '-d\n+new', 'f')).toThrow('f: the change does not fit at "d"')
  expect(() => applyDiff('a\nb\nc\nb', ' b\n+new', 'f')).toThrow('f: the change does not fit at "b"')
  expect(() => applyDiff('a\nb\nc', ' b\n-a', 'f')).toThrow('f: the change does not fit at "a"')
})
