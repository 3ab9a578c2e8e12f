import { expect, test } from 'vitest'
import { loadDomain } from './load.ts'
import { libraryFolder, writeDomain } from './testing.ts'

const library = await loadDomain(libraryFolder)
const file = (user: string) => `---\nname: greet\nversion: 1\n---\n# System\n\nYou write for {{title}}.\n\n# User\n\n${user}\n`

test('a prompt has its two parts, its version and a hash over its words', async () => {
  await using written = await writeDomain({ 'prompts/greet.md': file('<message>\n{{message}}\n</message>') })
  const prompt = (await loadDomain(written.folder)).prompt('greet')
  expect(prompt).toMatchObject({
    name: 'greet',
    version: '1',
    system: 'You write for the town library.',
    user: '<message>\n{{message}}\n</message>',
  })
  await using other = await writeDomain({ 'prompts/greet.md': file('{{message}}') })
  expect((await loadDomain(other.folder)).prompt('greet').hash).not.toBe(prompt.hash)
})

test('a prompt that is not there is named with its file', () => {
  expect(() => library.prompt('sing')).toThrow(/has no prompt 'sing'. Add prompts\/sing.md/)
})

test('a prompt that lacks what its agent needs is refused', () => {
  expect(library.prompt('knowledge', ['message', 'passages']).name).toBe('knowledge')
  expect(() => library.prompt('knowledge', ['message', 'weather'])).toThrow("the prompt 'knowledge' lacks {{weather}}.")
})
