/** README.md says what is so: its start, its commands, its links, its table of variables. */

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { codeBlocks, commandsIn, fileLinks, firstColumn, markdownFiles, read, root } from './markdown.ts'

const readme = read('README.md')

test('the README starts with three sentences and the two commands', () => {
  const [title, text = '', commands = ''] = readme.split(/\n\n/)
  expect(title).toBe('# Concord')
  expect(text.replaceAll('\n', ' ').split(/(?<=\.) /)).toHaveLength(3)
  expect([...commands.matchAll(/^make \w+/gm)].map(([command]) => command)).toEqual(['make demo', 'make test'])
})

const targets = [...read('Makefile').matchAll(/^([a-z-]+):.*## /gm)].map(([, name = '']) => name)

test.each(markdownFiles)('every make target that %s names exists', (file) => {
  const named = commandsIn(read(file), 'make').map(([target = '']) => target.replace(/\W+$/, ''))
  expect(named.filter((target) => /^[a-z-]+$/.test(target) && !targets.includes(target))).toEqual([])
})

/** What `--help` says of a command; null where there is no such command. */
const helpOf = memoised((command: string): string | null => {
  const words = command.split(' ').filter((word) => word !== '')
  const args = [join(root, 'packages/cli/src/main.ts'), ...words, '--help']
  try {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node') }
    const help = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env })
    return new RegExp(`^Usage: concord ${words.join(' ')}\\b`).test(help) ? help : null
  } catch {
    return null
  }
})

function memoised<T>(find: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    if (!known.has(key)) known.set(key, find(key))
    return known.get(key) as T
  }
}

/** What is wrong with a command line: a command or an option that the CLI does not have. */
function wrongIn(words: readonly string[]): string[] {
  const isName = (word: string | undefined): word is string => /^[a-z]+$/.test(word ?? '')
  const [name = '', second] = words
  const help = isName(name) ? helpOf(name) : null
  if (help === null) return [name]
  const grouped = /^Commands:/m.test(help)
  const path = grouped && isName(second) ? `${name} ${second}` : name
  const own = helpOf(path)
  if (own === null) return [path]
  const options = words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? [])
  return options.filter((option) => !own.includes(option)).map((option) => `${path} ${option}`)
}

test.each(markdownFiles)('every ./concord command that %s names exists, with its options', { timeout: 60_000 }, (file) => {
  expect(commandsIn(read(file), './concord').flatMap(wrongIn)).toEqual([])
})

test('a command or an option that the CLI does not have is found', () => {
  expect(wrongIn(['trace', 'REQUEST_ID', '--json'])).toEqual([])
  expect(wrongIn(['nonsense'])).toEqual(['nonsense'])
  expect(wrongIn(['demo', '--nonsense'])).toEqual(['demo --nonsense'])
})

test.each(markdownFiles)('every link of %s leads somewhere', (file) => {
  const missing = fileLinks(read(file)).filter((target) => !existsSync(join(root, dirname(file), target)))
  expect(missing).toEqual([])
})

test.each(markdownFiles)('%s names no place of one machine', (file) => {
  expect(read(file).match(/\/(home|Users|root|tmp|work)\/\S*|[A-Z]:\\\S+/g) ?? []).toEqual([])
})

test('the table of variables names those that services read, with their defaults, and those that .env.example explains', () => {
  const [, source = ''] =
    /const Variables = z\.object\(\{\n([\s\S]*?)\n\}\)/.exec(read('packages/runtime/src/service/config.ts')) ?? []
  const variables = source.split(/\n(?= {2}[A-Z_]+:)/).map((text) => ({
    name: /[A-Z_]+/.exec(text)?.[0] ?? '',
    default: /\.default\((.*?)\)/.exec(text)?.[1]?.replaceAll(/['_]/g, '') ?? null,
  }))
  expect(variables.length).toBeGreaterThan(10)
  const explained = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name)
  const rows = firstColumn(readme, 'Configuration')
  expect(rows.toSorted()).toEqual([...new Set([...variables.map(({ name }) => name), ...explained])].toSorted())
  for (const { name, default: value } of variables) {
    if (value !== null) expect(readme).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`${value.replaceAll('.', '\\.')}\` `, 'm'))
  }
})

test('the folders of the layout exist', () => {
  const [layout] = codeBlocks(readme.split('## Layout')[1] ?? '')
  const folders = [...(layout?.text ?? '').matchAll(/(?:^|\s{2,})([a-z/]+\/)/gm)].map(([, folder = '']) => folder)
  expect(folders.length).toBeGreaterThan(6)
  expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([])
})
