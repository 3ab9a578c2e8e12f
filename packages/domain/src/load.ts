/** Loads a domain folder: every file by its schema, then all against each other; a broken folder is refused with all its problems. */
import { saysPredicate } from '@concord/contracts'
import { z } from 'zod'
import { parseArticle } from './articles.ts'
import { checkParts } from './check.ts'
import { isTimezone } from './dates.ts'
import type { Domain, DomainParts } from './domain.ts'
import { createEntities } from './entities.ts'
import { createExpressions } from './expressions.ts'
import { hashOf, readDomainFiles, type DomainFiles } from './files.ts'
import { createFlags } from './flags.ts'
import { ActionSpec, DomainFile, Intent, RulesFile, Sample, Tool, VocabularyFile } from './format.ts'
import { createFormats } from './formats.ts'
import { check, parseYaml } from './parse.ts'
import { createProblems, throwIfAny, type Problems } from './problems.ts'
import { parsePrompt, promptFrom } from './prompts.ts'
import { createSearch } from './retrieval.ts'
import { checkedTool } from './tool-args.ts'
import { createWording } from './wording.ts'

/** @throws Fault `invalid_domain`, one that lists every problem as `file: path: what is wrong; mend`. */
export async function loadDomain(folder: string): Promise<Domain> {
  const files = await readDomainFiles(folder)
  const problems = createProblems()
  const parts = parseParts(files, problems)
  if (parts !== undefined) checkParts(parts, problems)
  throwIfAny(problems, folder)
  return assemble(parts!, folder, hashOf(files))
}

/** Undefined when a file that everything else hangs on is missing or wrong. */
function parseParts(files: DomainFiles, problems: Problems): DomainParts | undefined {
  const domain = required('domain.yaml', DomainFile)
  const intents = required('intents.yaml', z.array(Intent).min(1))
  const vocabulary = required('vocabulary.yaml', VocabularyFile)
  const actions = optional('actions.yaml', z.array(ActionSpec))
  const tools = optional('tools.yaml', z.array(Tool))
  const samples = optional('samples.yaml', z.array(Sample))
  const rules = folder('rules/').map(([file, text]) => ({
    file,
    ...(check(file, RulesFile, parseYaml(file, text, problems), problems) ?? { facts: [], fromTools: [], rules: [] }),
  }))
  const articles = folder('articles/').flatMap(([file, text]) => parseArticle(file, text, timezoneOf(domain), problems) ?? [])
  const prompts = folder('prompts/').flatMap(([file, text]) => {
    const prompt = parsePrompt(file, text, domain?.title ?? '', problems)
    return prompt === undefined ? [] : [{ file, prompt }]
  })
  if (folder('prompts/').length === 0) problems.add('prompts/', '', 'holds no prompt', 'write one file for each skill')
  // Checks across files would only repeat what is already said of a file that could not be read.
  if (domain === undefined || intents === undefined || vocabulary === undefined || actions === undefined || tools === undefined)
    return undefined
  return { domain, intents, ...vocabulary, actions, tools, samples: samples ?? [], rules, articles, prompts }

  function folder(prefix: string): [string, string][] {
    return [...files].filter(([path]) => path.startsWith(prefix))
  }
  function required<T>(file: string, schema: z.ZodType<T>): T | undefined {
    const text = files.get(file)
    if (text === undefined) problems.add(file, '', 'is missing', 'add it')
    return text === undefined ? undefined : check(file, schema, parseYaml(file, text, problems), problems)
  }
  function optional<T>(file: string, schema: z.ZodType<T[]>): T[] | undefined {
    const text = files.get(file)
    return text === undefined ? [] : check(file, schema, parseYaml(file, text, problems), problems)
  }
}

/** A zone that is none is a problem of domain.yaml; the articles are read all the same. */
const timezoneOf = (domain: DomainFile | undefined): string =>
  domain !== undefined && isTimezone(domain.timezone) ? domain.timezone : 'UTC'

function assemble(parts: DomainParts, folder: string, hash: string): Domain {
  const { domain, rules } = parts
  const vocabulary = new Map([saysPredicate, ...parts.predicates].map((predicate) => [predicate.id, predicate]))
  const actions = byId(parts.actions)
  const formats = createFormats({ locale: domain.languages[0]!, timezone: domain.timezone })
  const prompts = new Map(parts.prompts.map(({ prompt }) => [prompt.name, prompt]))
  return {
    ...domain,
    hash,
    folder,
    vocabulary,
    actions,
    formats,
    prompts,
    intents: byId(parts.intents),
    tools: byId(parts.tools.map(checkedTool)),
    entities: createEntities(parts.entities),
    flags: createFlags(parts.flags),
    articles: parts.articles,
    samples: parts.samples,
    factRules: rules.flatMap(({ facts }) => facts),
    toolFactsOf: grouped(rules.flatMap(({ fromTools }) => fromTools.map((fact) => [fact.action, fact] as const))),
    rulesOf: grouped(
      rules.flatMap((file) => file.rules.flatMap((rule) => rule.actions.map((action) => [action, rule] as const))),
    ),
    search: createSearch(parts.articles),
    expressions: createExpressions({ currency: domain.currency, formats }),
    wording: createWording({ name: domain.name, title: domain.title, vocabulary, actions, formats }),
    prompt: (name, placeholders = []) => promptFrom(prompts, name, placeholders, folder),
  }
}

function byId<T extends { id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]))
}

function grouped<T>(pairs: readonly (readonly [string, T])[]): (key: string) => readonly T[] {
  const groups = Map.groupBy(pairs, ([key]) => key)
  return (key) => groups.get(key)?.map(([, item]) => item) ?? []
}
