export type { Article, ArticlePassage } from './articles.ts'
export { articleClaims, bearsOn, quoteClaim, ruleClaim, valueOf } from './claims.ts'
export type { Domain } from './domain.ts'
export { subjectOf, type Entities } from './entities.ts'
export { baseVariables, type Expressions, type Variables } from './expressions.ts'
export type { Flag, Flags } from './flags.ts'
export type { ActionRule, ActionSpec, DomainFile, FactRule, Intent, Sample, Tool, ToolFact } from './format.ts'
export type { Formats } from './formats.ts'
export { loadDomain } from './load.ts'
export type { Prompt } from './prompts.ts'
export type { Hit, Search, SearchQuery } from './retrieval.ts'
export { defaultRule, needsALook, rule, undecided, type Ruling } from './rules.ts'
export type { CheckedTool, ToolArgs } from './tool-args.ts'
export {
  createHttpTools,
  type HttpToolsOptions,
  type Operation,
  type ReadTools,
  type WriteResult,
  type WriteTools,
} from './tools.ts'
export type { ActionOn, Wording } from './wording.ts'
