/** Ids are unique, references name what exists, patterns compile. */
import type { DomainParts } from './domain.ts'
import type { Problems } from './problems.ts'

export function checkUnique(parts: DomainParts, problems: Problems): void {
  const unique = (file: string, what: string, ids: readonly string[]) => {
    const repeated = new Set(ids.filter((id, at) => ids.indexOf(id) !== at))
    for (const id of repeated) problems.add(file, `${what} ${id}`, 'is there more than once', 'give each an id of its own')
  }
  unique('intents.yaml', 'intent', idsOf(parts.intents))
  unique('vocabulary.yaml', 'predicate', ['says', ...idsOf(parts.predicates)])
  unique(
    'vocabulary.yaml',
    'entity',
    parts.entities.map(({ kind }) => kind),
  )
  unique('vocabulary.yaml', 'flag', idsOf(parts.flags))
  unique('actions.yaml', 'action', idsOf(parts.actions))
  unique('tools.yaml', 'tool', idsOf(parts.tools))
  unique('samples.yaml', 'sample', idsOf(parts.samples))
  unique(
    'prompts/',
    'prompt',
    parts.prompts.map(({ prompt }) => prompt.name),
  )
  unique(
    'articles/',
    'article',
    parts.articles.map(({ id, version }) => `${id}@${version}`),
  )
  const rules = parts.rules.flatMap((file) => [...idsOf(file.facts), ...idsOf(file.fromTools), ...idsOf(file.rules)])
  unique('rules/', 'rule', ['default', ...rules])
}

/** The names that other files may refer to. */
export function namesIn(parts: DomainParts) {
  return {
    action: new Set(idsOf(parts.actions)),
    tool: new Set(idsOf(parts.tools)),
    entity: new Set(parts.entities.map(({ kind }) => kind)),
    predicate: new Set(['says', ...idsOf(parts.predicates)]),
    flag: new Set(idsOf(parts.flags)),
    sample: new Set(idsOf(parts.samples)),
  }
}
export type NameKind = keyof ReturnType<typeof namesIn>

/** Adds a problem for each name that does not exist. */
export function createMust(parts: DomainParts, problems: Problems) {
  const names = namesIn(parts)
  return (file: string, path: string, kind: NameKind, wanted: readonly string[]) => {
    for (const name of wanted) {
      if (names[kind].has(name)) continue
      const known = [...names[kind]].slice(0, 30).join(', ') || 'none'
      problems.add(file, path, `there is no ${kind} '${name}'`, `name one of: ${known}`)
    }
  }
}

export function checkNames(parts: DomainParts, problems: Problems): void {
  const must = createMust(parts, problems)
  for (const intent of parts.intents) {
    must('intents.yaml', `${intent.id}.requests`, 'action', intent.requests)
    must('intents.yaml', `${intent.id}.couldMean`, 'action', intent.couldMean)
    must('intents.yaml', `${intent.id}.needs`, 'entity', intent.needs)
    checkAbout(intent, parts, problems)
  }
  for (const action of parts.actions) {
    must('actions.yaml', `${action.id}.on`, 'entity', action.on === null ? [] : [action.on])
    must('actions.yaml', `${action.id}.tool`, 'tool', action.tool === null ? [] : [action.tool])
    for (const fact of action.facts) must('actions.yaml', `${action.id}.facts.${fact.name}`, 'tool', [fact.tool])
    checkEffects(action, parts, problems)
  }
  for (const { file, rules, fromTools } of parts.rules) {
    for (const rule of rules) must(file, `${rule.id}.actions`, 'action', rule.actions)
    for (const fact of fromTools) {
      must(file, `${fact.id}.action`, 'action', [fact.action])
      must(file, `${fact.id}.predicate`, 'predicate', [fact.predicate])
    }
  }
}

function checkAbout(intent: DomainParts['intents'][number], parts: DomainParts, problems: Problems): void {
  const known = [...namesIn(parts).predicate]
  for (const entry of intent.about) {
    const found = entry.endsWith('.') ? known.some((id) => id.startsWith(entry)) : known.includes(entry)
    if (!found)
      problems.add('intents.yaml', `${intent.id}.about`, `no predicate is or starts with '${entry}'`, 'a prefix ends in a dot')
  }
}

function checkEffects(action: DomainParts['actions'][number], parts: DomainParts, problems: Problems): void {
  const effects = new Map(parts.tools.map(({ id, effect }) => [id, effect]))
  if (action.tool !== null && effects.get(action.tool) === 'read') {
    problems.add('actions.yaml', `${action.id}.tool`, `'${action.tool}' only reads`, 'name a tool whose effect is write')
  }
  for (const fact of action.facts) {
    if (effects.get(fact.tool) !== 'write') continue
    problems.add(
      'actions.yaml',
      `${action.id}.facts.${fact.name}`,
      `'${fact.tool}' writes`,
      'facts are gathered with read tools only',
    )
  }
}

export function checkPatterns(parts: DomainParts, problems: Problems): void {
  const compile = (path: string, pattern: string, flags: string) => {
    try {
      return new RegExp(pattern, flags)
    } catch (error) {
      problems.add(
        'vocabulary.yaml',
        path,
        error instanceof Error ? error.message : 'does not compile',
        'mend the regular expression',
      )
      return undefined
    }
  }
  for (const { kind, pattern } of parts.entities) {
    if (compile(`entity ${kind}.pattern`, pattern, 'giu')?.test('') === true) {
      problems.add(
        'vocabulary.yaml',
        `entity ${kind}.pattern`,
        'matches the empty text',
        'make it ask for at least one character',
      )
    }
  }
  for (const { id, patterns } of parts.flags) for (const pattern of patterns) compile(`flag ${id}.patterns`, pattern, 'iu')
}

function idsOf(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id)
}
