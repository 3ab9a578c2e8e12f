/** The domain is data: what its intents are called makes no difference, and nothing outside its folder knows its words. */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDemo, sampleErrands } from '@concord/cli'
import { startBackEnd, startConstellation } from '@concord/dev-env'
import { loadDomain } from '@concord/domain'
import { expect, onTestFinished, test } from 'vitest'
import { root, shopFolder, tenantId } from './world.ts'

const shop = await loadDomain(shopFolder)
const intents = [...shop.intents.keys()]

/** Whether the text holds the name by itself, not as a part of a longer one. */
const names = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w.-])${name.replaceAll('.', '\\.')}(?![\\w-]|\\.\\w)`).test(text)

function filesOf(patterns: string[], leftOut: (path: string) => boolean = () => false): { path: string; text: string }[] {
  const paths = globSync(patterns, { cwd: root, exclude: (path) => path.includes('node_modules') || leftOut(path) })
  expect(paths.length).toBeGreaterThan(200)
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** A copy of the shop in which every intent has a name that says nothing. */
function renamedShop(): string {
  const folder = mkdtempSync(join(tmpdir(), 'concord-renamed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(shopFolder, folder, { recursive: true, filter: (path) => !path.includes('node_modules') && !path.includes('backend') })
  const file = join(folder, 'intents.yaml')
  let number = 0
  const renamed = readFileSync(file, 'utf8').replace(/^- id: (.+)$/gm, () => `- id: x${String(++number).padStart(3, '0')}`)
  expect(number).toBe(intents.length)
  writeFileSync(file, renamed)
  return folder
}

async function outcomes(domainFolder: string) {
  const backEnd = await startBackEnd(shopFolder)
  onTestFinished(() => backEnd.close())
  const constellation = await startConstellation({ domainFolder, backEndUrl: backEnd.url, run: { ratePerSecond: 1_000 } })
  onTestFinished(() => constellation.stop())
  const errands = sampleErrands(constellation.domain, tenantId)
  const { results } = await runDemo({ constellation, errands, concurrency: 24, onResult: () => undefined })
  return [...results.values()]
    .map(({ requestId, outcome, reason, reply, actions, citations }) => ({
      requestId,
      outcome,
      reason,
      reply,
      actions,
      citations,
    }))
    .toSorted((a, b) => a.requestId.localeCompare(b.requestId))
}

test('renaming every intent of the shop changes no outcome', async () => {
  const [plain, renamed] = [await outcomes(shopFolder), await outcomes(renamedShop())]
  expect(renamed).toEqual(plain)
  expect(plain.length).toBeGreaterThan(40)
}, 30_000)

test('no file but intents.yaml names an intent of the shop', () => {
  // What is also a predicate, or a word of plain English, is named for that.
  const own = intents.filter((intent) => intent.includes('.') && !shop.vocabulary.has(intent))
  expect(own.length).toBeGreaterThan(8)
  const found = filesOf(
    ['domains/shop/**/*.{yaml,md,ts,json}', 'packages/**/*.ts', 'services/**/*.ts', 'scripts/*.ts', 'schemas/**/*.json'],
    (path) => path.endsWith('intents.yaml'),
  ).flatMap(({ path, text }) => own.filter((intent) => names(text, intent)).map((intent) => `${path}: ${intent}`))
  expect(found).toEqual([])
})

test('no package and no service knows a word of the shop', () => {
  const words = [
    shop.name,
    ...shop.vocabulary.keys(),
    ...shop.actions.keys(),
    ...shop.tools.keys(),
    ...intents,
    ...shop.factRules.map(({ id }) => id),
    ...[...shop.actions.keys()].flatMap((action) => shop.rulesOf(action).map(({ id }) => id)),
    ...shop.articles.map(({ id }) => id),
  ].filter((word) => word === shop.name || /[-_.]/.test(word)) // a plain English word proves nothing
  expect(new Set(words).size).toBeGreaterThan(60)
  const found = filesOf(['packages/**/*.{ts,json}', 'services/**/*.{ts,json}', 'scripts/*.ts']).flatMap(({ path, text }) =>
    words.filter((word) => names(text.toLowerCase(), word.toLowerCase())).map((word) => `${path}: ${word}`),
  )
  expect(found).toEqual([])
})
