import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { loadDomain } from './load.ts'
import { libraryFolder, writeDomain, type DomainChanges } from './testing.ts'

async function problemsOf(changes: DomainChanges, from?: null): Promise<string> {
  await using written = await writeDomain(changes, from)
  const error = await loadDomain(written.folder).then(
    () => new Fault('internal', 'the domain was loaded'),
    (error: unknown) => Fault.from(error),
  )
  expect(error).toMatchObject({ code: 'invalid_domain', retryable: false })
  return error.message
}

test('a whole domain is loaded with its version and a hash', async () => {
  const domain = await loadDomain(libraryFolder)
  expect(domain).toMatchObject({ name: 'library', version: '7', currency: 'GBP' })
  expect(domain.hash).toMatch(/^[0-9a-f]{32}$/)
  expect([...domain.intents.keys()]).toEqual(['loan_length', 'renew_loan', 'waive_fee', 'change_branch', 'weather'])
  expect(domain.rulesOf('renew').map(({ id }) => id)).toEqual(['own-loans', 'renew-twice', 'renew-ok'])
})

test('the hash follows every file', async () => {
  const before = await loadDomain(libraryFolder)
  await using same = await writeDomain({})
  await using other = await writeDomain({ 'articles/new.md': '---\nid: new\ntitle: New\nversion: 1\n---\nWords.' })
  expect((await loadDomain(same.folder)).hash).toBe(before.hash)
  expect((await loadDomain(other.folder)).hash).not.toBe(before.hash)
})

test('a domain without actions, tools, articles, rules and samples is one that only sorts', async () => {
  const absent = [
    'actions.yaml',
    'tools.yaml',
    'samples.yaml',
    'rules/01-loans.yaml',
    'articles/loans.md',
    'articles/staff-fees.md',
    'articles/old-hours.md',
  ]
  await using written = await writeDomain({
    ...Object.fromEntries(absent.map((path) => [path, null])),
    'intents.yaml': '[{ id: ask, category: c, description: d, examples: [a, b, c] }]',
  })
  const domain = await loadDomain(written.folder)
  expect(domain.search({ text: 'books', accessGroups: ['public'], at: 0, limit: 5 })).toEqual([])
  expect(domain.rulesOf('renew')).toEqual([])
})

test('a folder that is not there is refused with what to set', async () => {
  await expect(loadDomain('/nowhere/at/all')).rejects.toThrow('invalid_domain: /nowhere/at/all is no folder. Set CONCORD_DOMAIN')
})

test('an empty folder is told every file that it lacks', async () => {
  const message = await problemsOf({}, null)
  for (const file of ['domain.yaml', 'intents.yaml', 'vocabulary.yaml', 'prompts/'])
    expect(message).toContain(`${file}: (whole file): `)
})

test('one fault lists the problems of all files', async () => {
  const message = await problemsOf({
    'domain.yaml': 'name: x',
    'tools.yaml': '- { id: t, effect: look, description: d, method: GET, path: x, args: {} }',
    'articles/broken.md': 'no front matter',
  })
  expect(message).toContain('domain.yaml: version: Invalid input')
  expect(message).toContain('tools.yaml: [0].effect: Invalid option: expected one of "read"|"write"; use one of read, write')
  expect(message).toContain('tools.yaml: [0].path: ')
  expect(message).toContain('articles/broken.md: (whole file): has no front matter; start it with --- lines around YAML')
})

const broken: Record<string, { changes: DomainChanges; says: string }> = {
  'YAML that is none': { changes: { 'intents.yaml': '- id: [' }, says: 'intents.yaml: line 1: ' },
  'a YAML key twice': { changes: { 'tools.yaml': '- id: a\n  id: b' }, says: 'tools.yaml: line 2: Map keys must be unique' },
  'an unknown key': {
    changes: { 'actions.yaml': '- { id: a, title: t, promise: p, consequence: c, wehn: x }' },
    says: 'Unrecognized key: "wehn"; remove it',
  },
  'a time zone that is none': {
    changes: { 'domain.yaml': domainYaml('Europe/Nowhere') },
    says: 'domain.yaml: timezone: is no IANA time zone',
  },
  'an intent that asks for an unknown action': {
    changes: { 'intents.yaml': intents('requests: [fly]') },
    says: "intents.yaml: i.requests: there is no action 'fly'; name one of: renew, waive_fee, change_branch",
  },
  'an intent about an unknown predicate': {
    changes: { 'intents.yaml': intents('about: [loans.]') },
    says: "no predicate is or starts with 'loans.'",
  },
  'an id twice': {
    changes: { 'intents.yaml': `${intents('')}\n${intents('')}` },
    says: 'intents.yaml: intent i: is there more than once',
  },
  'a rule on an unknown action': { changes: rules('actions: [fly]'), says: "r.actions: there is no action 'fly'" },
  'a condition that does not parse': {
    changes: rules('when: loan.due >'),
    says: 'r.when (for renew): `loan.due >`: Unexpected token',
  },
  'a condition on an unknown variable': {
    changes: rules('when: lone.due == 1'),
    says: 'Unknown variable: lone; the variables here are request, subject, entities, mentioned, riskFlags, amount, now, loan, book',
  },
  'a condition that is no boolean': { changes: rules("when: '1 + 1'"), says: 'yields int, not bool' },
  'a reason with a broken expression': {
    changes: rules("reason: 'It is {{ lone.x }}.'"),
    says: 'r.reason (for renew): `lone.x`: Unknown variable: lone',
  },
  'a pattern that does not compile': {
    changes: { 'vocabulary.yaml': vocabulary("entities: [{ kind: loan, pattern: '(', ask: a }], flags: []") },
    says: 'vocabulary.yaml: entity loan.pattern: Invalid regular expression',
  },
  'a pattern that matches nothing at all': {
    changes: { 'vocabulary.yaml': vocabulary("entities: [{ kind: loan, pattern: 'x*', ask: a }], flags: []") },
    says: 'vocabulary.yaml: entity loan.pattern: matches the empty text',
  },
  'a fact of the wrong kind': {
    changes: { 'rules/02.yaml': 'facts: [{ id: f, title: t, predicate: loan.period, value: { kind: text, text: long } }]' },
    says: "rules/02.yaml: f.value.kind: 'loan.period' is a duration, not a text; state the value as a duration",
  },
  'a fact without its unit': {
    changes: { 'rules/02.yaml': 'facts: [{ id: f, title: t, predicate: loan.period, value: { kind: duration, number: 3 } }]' },
    says: 'a duration value needs number and unit',
  },
  'an article with an unknown predicate': {
    changes: {
      'articles/a.md':
        '---\nid: a\ntitle: A\nversion: 1\nfacts: [{ predicate: x.y, value: { kind: boolean, boolean: true } }]\n---\nWords.',
    },
    says: "articles/a.md: facts[0].predicate: there is no predicate 'x.y'",
  },
  'an article whose date is none': {
    changes: { 'articles/a.md': '---\nid: a\ntitle: A\nversion: 1\nvalidUntil: soon\n---\nWords.' },
    says: 'articles/a.md: validUntil: is no ISO 8601 date; write it as 2026-01-31',
  },
  'an article without text': {
    changes: { 'articles/a.md': '---\nid: a\ntitle: A\nversion: 1\n---\n' },
    says: 'articles/a.md: body: has no text',
  },
  'a prompt without its parts': {
    changes: { 'prompts/knowledge.md': '---\nname: knowledge\nversion: 1\n---\nHello' },
    says: 'does not hold "# System" followed by "# User"',
  },
  'an action that writes with a read tool': {
    changes: { 'actions.yaml': action('tool: get_loan') },
    says: "actions.yaml: a.tool: 'get_loan' only reads",
  },
  'a fact that would write': {
    changes: { 'actions.yaml': action("facts: [{ name: x, tool: write_branch, args: { memberId: '1', branch: '2' } }]") },
    says: "actions.yaml: a.facts.x: 'write_branch' writes",
  },
  'an argument that the tool does not take': {
    changes: { 'actions.yaml': action("facts: [{ name: x, tool: get_loan, args: { loan: '1' } }]") },
    says: "actions.yaml: a.facts.x: 'get_loan' takes no argument 'loan'; it takes loanId",
  },
  'an argument that is left out': {
    changes: { 'actions.yaml': action('facts: [{ name: x, tool: get_loan, args: {} }]') },
    says: "actions.yaml: a.facts.x: 'get_loan' needs the argument 'loanId'",
  },
  'a fact that uses a later one': {
    changes: {
      'actions.yaml': action(
        'facts: [{ name: x, tool: get_loan, args: { loanId: y.id } }, { name: y, tool: get_loan, args: { loanId: x.id } }]',
      ),
    },
    says: 'a.facts.x.args.loanId: `y.id`: Unknown variable: y',
  },
  'a path with an unknown placeholder': {
    changes: { 'tools.yaml': '- { id: t, effect: read, description: d, method: GET, path: "/x/{y}", args: { properties: {} } }' },
    says: 'tools.yaml: t.path: {y} is no argument; declare it under args.properties',
  },
  'a sample decided by nothing known': {
    changes: sample('by: [nobody]'),
    says: "samples.yaml: s.expect.by: there is no rule, article or tool 'nobody'",
  },
  'a sample that does the unknown': {
    changes: sample("does: ['fly loan:L1']"),
    says: "samples.yaml: s.expect.does: there is no action 'fly'",
  },
  'a sample with an unknown layer': { changes: sample('conflicts: [hunch]'), says: "there is no layer 'hunch'" },
}

for (const [name, { changes, says }] of Object.entries(broken)) {
  test(`${name} is named with its file and place`, async () => {
    expect(await problemsOf(changes)).toContain(says)
  })
}

function domainYaml(timezone: string): string {
  return `
name: library
version: '7'
title: t
currency: GBP
timezone: ${timezone}
languages: [en]
disclosure: d
thresholds: { understood: 0.3 }
replies: { outOfScope: a, notUnderstood: b, refused: c, rejectedByPerson: d }
sla: { default: 1 }`
}
function intents(more: string): string {
  return `- { id: i, category: c, description: d, examples: [a, b, c]${more === '' ? '' : `, ${more}`} }`
}
function vocabulary(rest: string): string {
  return `{ predicates: [], ${rest} }`
}
function action(more: string): string {
  return `- { id: a, title: t, promise: p, consequence: c, ${more} }`
}
function rules(change: string): DomainChanges {
  const key = change.slice(0, change.indexOf(':'))
  const lines = ['id: r', 'title: t', 'actions: [renew]', "when: 'true'", 'effect: permit', 'reason: Because.']
  const kept = lines.map((line) => (line.startsWith(`${key}:`) ? change : line))
  return { 'rules/02.yaml': `rules:\n  - ${kept.join('\n    ')}\n` }
}
function sample(expectation: string): DomainChanges {
  return { 'samples.yaml': `- { id: s, shows: x, request: { text: t }, expect: { outcome: answered, ${expectation} } }` }
}
