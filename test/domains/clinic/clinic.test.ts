/** A second domain, of another trade: nothing outside of this folder names a clinic, and its samples get their outcomes. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runDemo, sampleErrands, unmet } from '@concord/cli'
import { startConstellation } from '@concord/dev-env'
import { loadDomain, type Domain } from '@concord/domain'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const constellation = await startConstellation({ domainFolder: import.meta.dirname, run: { ratePerSecond: 1_000 } })
afterAll(() => constellation.stop())
const { domain } = constellation
const shop = await loadDomain(join(root, 'domains/shop'))
const errands = sampleErrands(domain, 'clinic')
const run = await runDemo({ constellation, errands, concurrency: 12, onResult: () => undefined })

test.each(
  errands.flatMap(({ sample, request }) =>
    sample === undefined ? [] : [{ sample, request, id: sample.id, shows: sample.shows }],
  ),
)('$id: $shows', ({ sample, request }) => {
  const result = run.results.get(request.requestId)
  if (result === undefined) throw new Error('there is no outcome')
  const own = run.entries.filter(({ requestId }) => requestId === request.requestId)
  expect(unmet(sample.expect, result, own)).toEqual([])
})

test('it has enough of everything, and outcomes of every kind', () => {
  expect(domain.intents.size).toBeGreaterThanOrEqual(8)
  expect(domain.articles.length).toBeGreaterThanOrEqual(8)
  expect(domain.samples).toHaveLength(12)
  const outcomes = new Set(domain.samples.map(({ expect }) => `${expect.outcome} ${expect.reason}`))
  expect([...outcomes].toSorted()).toEqual([
    'answered agreed',
    'answered needs_information',
    'declined forbidden',
    'declined out_of_scope',
    'escalated contradiction',
    'escalated emergency',
    'escalated needs_approval',
  ])
})

test('it shares no word with the shop: no intent, action, tool, predicate or kind of entity', () => {
  const words = ({ intents, actions, tools, vocabulary, entities }: Domain) =>
    [intents, actions, tools, vocabulary].flatMap((named) => [...named.keys()]).concat(entities.kinds)
  const theirs = new Set(words(shop))
  expect(words(domain).filter((word) => theirs.has(word))).toEqual(['says'])
})

test('no service and no package names a word of either domain', async () => {
  const words = [shop, domain].flatMap(({ intents, actions, tools, name }) => [
    name,
    ...intents.keys(),
    ...actions.keys(),
    ...tools.keys(),
  ])
  const telling = words.filter((word) => /[._-]/.test(word) && word.length > 6).map((word) => word.replaceAll('.', '\\.'))
  const named = new RegExp(`['"\`](?:${telling.join('|')})['"\`]`)
  const sources = (await Promise.all(['packages', 'services'].map((part) => sourcesIn(join(root, part))))).flat()
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.filter(({ text }) => named.test(text)).map(({ file }) => file)).toEqual([])
})

async function sourcesIn(folder: string): Promise<{ file: string; text: string }[]> {
  const members = await readdir(folder)
  const files = await Promise.all(members.map(async (member) => namesIn(join(folder, member, 'src'))))
  const running = files.flat().filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing/.test(name))
  return Promise.all(running.map(async (file) => ({ file, text: await readFile(file, 'utf8') })))
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.map((name) => join(folder, name))
}
