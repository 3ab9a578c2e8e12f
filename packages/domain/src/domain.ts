/** A domain as the services see it: data, and the few capabilities that are compiled from it. */
import type { Predicate, Vocabulary } from '@concord/contracts'
import type { Article } from './articles.ts'
import type { Entities } from './entities.ts'
import type { Expressions } from './expressions.ts'
import type { Flags } from './flags.ts'
import type { ActionRule, ActionSpec, DomainFile, FactRule, Intent, Sample, Tool, ToolFact, VocabularyFile } from './format.ts'
import type { Formats } from './formats.ts'
import type { Prompt } from './prompts.ts'
import type { Search } from './retrieval.ts'
import type { CheckedTool } from './tool-args.ts'
import type { Wording } from './wording.ts'

export interface Domain extends DomainFile {
  /** Changes when any file of the folder changes. */
  readonly hash: string
  readonly folder: string
  readonly intents: ReadonlyMap<string, Intent>
  readonly vocabulary: Vocabulary
  readonly entities: Entities
  readonly flags: Flags
  readonly actions: ReadonlyMap<string, ActionSpec>
  readonly tools: ReadonlyMap<string, CheckedTool>
  readonly articles: readonly Article[]
  readonly factRules: readonly FactRule[]
  /** By action: those that may be made once its facts are gathered. */
  toolFactsOf(action: string): readonly ToolFact[]
  /** Rules on an action, in the order in which they are tried. */
  rulesOf(action: string): readonly ActionRule[]
  /**
   * @param placeholders those without which the prompt would not say what its agent needs it to say
   * @throws Fault `invalid_domain` when the domain has no such prompt, or it lacks one of the placeholders.
   */
  prompt(name: string, placeholders?: readonly string[]): Prompt
  readonly prompts: ReadonlyMap<string, Prompt>
  readonly samples: readonly Sample[]
  readonly search: Search
  readonly expressions: Expressions
  readonly formats: Formats
  readonly wording: Wording
}

/** A folder's files, each checked by itself, not yet against each other. `file` says where a rule or prompt stands. */
export interface DomainParts {
  domain: DomainFile
  intents: readonly Intent[]
  predicates: readonly Predicate[]
  entities: VocabularyFile['entities']
  flags: VocabularyFile['flags']
  actions: readonly ActionSpec[]
  tools: readonly Tool[]
  articles: readonly Article[]
  rules: readonly { file: string; facts: readonly FactRule[]; fromTools: readonly ToolFact[]; rules: readonly ActionRule[] }[]
  prompts: readonly { file: string; prompt: Prompt }[]
  samples: readonly Sample[]
}
