/** The files of a domain folder, as zod schemas: the loader parses each file with one of these and names file, path and rule when it is wrong. */
import { ClaimValue, effects, Money, Predicate } from '@concord/contracts'
import { z } from 'zod'

const id = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'letters, digits, _ . - only')

/** An expression in CEL (Common Expression Language); `docs/domain.md` lists its variables and functions. */
const Expression = z.string().min(1).max(2_000)

/** `domain.yaml` */
export const DomainFile = z.strictObject({
  name: id,
  version: z.string().min(1).max(32),
  title: z.string().min(1),
  currency: z.string().length(3),
  /** IANA name; dates in rules and replies are in it. */
  timezone: z.string().min(1),
  /** BCP 47 primary tags in which the agents may answer; other languages go to a person. */
  languages: z.array(z.string().min(2).max(3)).min(1),
  /** Said beneath every reply that no person wrote. */
  disclosure: z.string().min(1).max(500),
  thresholds: z.strictObject({
    /** Below it a triage counts as not understood. */
    understood: z.number().min(0).max(1),
  }),
  /** Replies that need no draft. */
  replies: z.strictObject({
    outOfScope: z.string().min(1),
    notUnderstood: z.string().min(1),
    /** For a flag whose route is `decline`. */
    refused: z.string().min(1),
    /** When a person rejects the case without words of their own. */
    rejectedByPerson: z.string().min(1),
  }),
  /** Minutes until a person should have decided, by reason code; `default` for the rest. */
  sla: z.record(z.string(), z.number().positive()).and(z.object({ default: z.number().positive() })),
})
export type DomainFile = z.infer<typeof DomainFile>

/** `intents.yaml`: a list of these. */
export const Intent = z.strictObject({
  id,
  category: id,
  description: z.string().min(1).max(400),
  /** What customers write, for classifying. */
  examples: z.array(z.string().min(1).max(300)).min(3),
  /** Labels that mean this intent in other data sets. */
  aliases: z.array(z.string()).default([]),
  /** Whether this desk answers it at all. */
  inScope: z.boolean().default(true),
  /** `answer` the agents try · `person` a person is wanted, whatever they find. */
  route: z.enum(['answer', 'person']).default('answer'),
  /** Actions that such a request asks for. */
  requests: z.array(id).default([]),
  /** Further actions that it could mean, ruled on but not promised unasked. */
  couldMean: z.array(id).default([]),
  /** Predicates that bear on it: a full id or a prefix ending in `.`. */
  about: z.array(z.string()).default([]),
  /** Entity kinds without which the requested actions cannot be permitted; what a rule forbids is refused without asking for them. */
  needs: z.array(id).default([]),
})
export type Intent = z.infer<typeof Intent>

/** `vocabulary.yaml` */
export const VocabularyFile = z.strictObject({
  predicates: z.array(Predicate),
  entities: z.array(
    z.strictObject({
      kind: id,
      /** JavaScript regular expression, flags `giu`; the first group, or the whole match, is the value. */
      pattern: z.string().min(1),
      /** Applied to the value: upper-cases it, or puts text before it. */
      upper: z.boolean().default(false),
      prefix: z.string().default(''),
      /** What to ask the customer for when it is missing: "the order number". */
      ask: z.string().min(1),
    }),
  ),
  flags: z.array(
    z.strictObject({
      id,
      description: z.string().min(1),
      examples: z.array(z.string().min(1)).default([]),
      /** Regular expressions, flags `iu`, any of which raises the flag without a model. */
      patterns: z.array(z.string().min(1)).default([]),
      /** `person` escalates · `decline` gets the reply `refused` · `note` is only recorded. */
      route: z.enum(['person', 'decline', 'note']),
    }),
  ),
})
export type VocabularyFile = z.infer<typeof VocabularyFile>

const ClaimTemplate = z.strictObject({
  /** Defaults to the domain's name. */
  subject: z.string().min(1).optional(),
  predicate: id,
  value: ClaimValue,
  polarity: z.enum(['affirmed', 'denied']).default('affirmed'),
  scope: z.record(z.string(), z.string()).default({}),
})

/** Front matter of `articles/*.md`; the body is Markdown, cut into passages at its headings. */
export const ArticleFrontMatter = z.strictObject({
  id,
  title: z.string().min(1).max(200),
  version: z.coerce.string().min(1).max(32),
  /** Readable by a request that has at least one of them. */
  accessGroups: z.array(z.string().min(1)).min(1).default(['public']),
  /** ISO dates; outside them the article is not used. */
  validFrom: z.string().nullable().default(null),
  validUntil: z.string().nullable().default(null),
  /** What the article states, typed, so that it can be compared. */
  facts: z.array(ClaimTemplate).default([]),
})
export type ArticleFrontMatter = z.infer<typeof ArticleFrontMatter>

/** `tools.yaml`: the back end's operations. */
export const Tool = z.strictObject({
  id,
  effect: z.enum(['read', 'write']),
  description: z.string().min(1),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Below the back end's base URL; `{name}` is filled from the arguments, URL-encoded. */
  path: z.string().startsWith('/'),
  /** JSON schema of the arguments: what is not in it is refused before the call. */
  args: z.record(z.string(), z.unknown()),
})
export type Tool = z.infer<typeof Tool>

/** `actions.yaml`: what can be done for a customer. */
export const ActionSpec = z.strictObject({
  id,
  title: z.string().min(1),
  /** Entity kind that it is done to; one verdict for each such entity. Null: to the customer. */
  on: id.nullable().default(null),
  /** The write tool that does it; null: nothing is written, only said. */
  tool: id.nullable().default(null),
  /** Facts to gather before ruling, in order; each is a variable of the rules under its name (null when not found). */
  facts: z.array(z.strictObject({ name: id, tool: id, args: z.record(z.string(), Expression) })).default([]),
  /** Arguments of the write: CEL expressions over the facts. */
  args: z.record(z.string(), Expression).default({}),
  /** CEL: money moved, in minor units of the domain's currency; null: none. */
  amount: Expression.nullable().default(null),
  /** CEL: version of the record that is changed. */
  recordVersion: Expression.nullable().default(null),
  /** How a permitted action reads to the customer; `{subject}`, `{amount}`. */
  promise: z.string().min(1),
  /** How it reads to a reviewer, before they decide; `{subject}`, `{amount}`. */
  consequence: z.string().min(1),
  irreversible: z.boolean().default(true),
})
export type ActionSpec = z.infer<typeof ActionSpec>

/** One rule on actions. Rules of an action are tried in the order of files and lines; the first whose `when` holds decides. Without one: forbid. */
export const ActionRule = z.strictObject({
  id,
  title: z.string().min(1),
  actions: z.array(id).min(1),
  when: Expression,
  effect: z.enum(effects),
  /** For the customer: `{{ expression }}` is filled in. */
  reason: z.string().min(1),
  /** The amount above which the rule speaks, for the record. */
  limit: Money.optional(),
  obligations: z.array(z.strictObject({ id, text: z.string().min(1) })).default([]),
})
export type ActionRule = z.infer<typeof ActionRule>

/** A rule that states a fact: policy's own claim, whatever the customer. */
export const FactRule = ClaimTemplate.extend({ id, title: z.string().min(1) })
export type FactRule = z.infer<typeof FactRule>

/** A claim made from what the tools said of a record: its status, its date. */
export const ToolFact = z.strictObject({
  id,
  /** The variables come from this action's facts. */
  action: id,
  predicate: id,
  subject: Expression,
  /** CEL that yields the value's filling: a string, number, boolean, list, or for money minor units. */
  value: Expression,
  /** Unit for quantities and durations. */
  unit: z.string().optional(),
  /** Claimed only when it holds; guard against other customers' records here. */
  when: Expression,
})
export type ToolFact = z.infer<typeof ToolFact>

/** `rules/*.yaml` */
export const RulesFile = z.strictObject({
  facts: z.array(FactRule).default([]),
  fromTools: z.array(ToolFact).default([]),
  rules: z.array(ActionRule).default([]),
})
export type RulesFile = z.infer<typeof RulesFile>

/** Front matter of `prompts/*.md`; the body holds `# System` and `# User` with `{{placeholders}}`. */
export const PromptFrontMatter = z.strictObject({ name: id, version: z.coerce.string().min(1).max(32) })

/** `samples.yaml`: requests with the outcome that each must get. */
export const Sample = z.strictObject({
  id,
  /** What it shows, in a few words. */
  shows: z.string().min(1),
  request: z.strictObject({
    text: z.string().min(1),
    customerId: z.string().optional(),
    conversationId: z.string().optional(),
    locale: z.string().optional(),
    accessGroups: z.array(z.string()).optional(),
    priority: z.enum(['low', 'normal', 'high', 'urgent']).optional(),
    history: z.array(z.strictObject({ role: z.enum(['customer', 'agent']), text: z.string() })).optional(),
    /** Sends the very request of that sample once more, same id and content. */
    repeats: id.optional(),
    /** Sent only when that sample has its outcome. */
    after: id.optional(),
  }),
  expect: z.strictObject({
    outcome: z.enum(['answered', 'declined', 'rejected', 'escalated']),
    /** The reply's or escalation's reason code. */
    reason: z.string().optional(),
    /** Rules, articles or tools that must stand among the citations, verdicts or findings. */
    by: z.array(z.string()).default([]),
    /** Words that the reply must, or must not, hold. */
    says: z.array(z.string()).default([]),
    doesNotSay: z.array(z.string()).default([]),
    /** Actions that must have been carried out, each as `<action> <kind>:<value>`. */
    does: z.array(z.string()).default([]),
    /** Layers that must have found something. */
    conflicts: z.array(z.string()).default([]),
  }),
})
export type Sample = z.infer<typeof Sample>
