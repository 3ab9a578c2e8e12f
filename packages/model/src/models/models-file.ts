/** `models.yaml`: which endpoints and models there are, and which calls go where. */
import { z } from 'zod'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'must be of small letters, digits and hyphens, 64 at most' })
const whole = (most: number) => z.int().min(1).max(most)

/** Variables that may hold a base URL or a key: these alone are passed on from the environment. */
export const urlVariable = /^(OPENAI_BASE_URL|CONCORD_MODEL_URL_[A-Z0-9_]+)$/
export const keyVariable = /^(OPENAI_API_KEY|CONCORD_MODEL_KEY_[A-Z0-9_]+)$/

const ModelEntry = z.strictObject({
  /** For people and reports; routes name models. */
  tier: z.enum(['premium', 'standard', 'economy']),
  /** Tokens of prompt and answer together. */
  contextWindow: whole(100_000_000),
  maxOutputTokens: whole(10_000_000).optional(),
  /** `json_schema`: takes a schema. One that takes none is told of it in words. */
  capabilities: z.array(z.enum(['json_schema'])).default([]),
  /** Requests at once from one process, and how many more may wait for that. */
  atOnce: whole(100_000).optional(),
  waiting: z.int().min(0).max(1_000_000).default(0),
})

const EndpointEntry = z.strictObject({
  /** With its version path. */
  baseUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  /** A variable that holds the base URL; where it is set, it goes before `baseUrl`. */
  baseUrlEnv: z.string().regex(urlVariable, { error: 'must be OPENAI_BASE_URL, or begin with CONCORD_MODEL_URL_' }).optional(),
  /** The variable that holds the key; none is sent where it is left out. */
  keyEnv: z.string().regex(keyVariable, { error: 'must be OPENAI_API_KEY, or begin with CONCORD_MODEL_KEY_' }).optional(),
  /** For the record; the endpoint's own name where it is left out. */
  provider: z.string().min(1).max(200).optional(),
  connectTimeoutMs: whole(600_000).default(5_000),
  requestTimeoutMs: whole(600_000).default(30_000),
  models: z.record(z.string().min(1).max(200), ModelEntry),
})

const RouteEntry = z.strictObject({
  name,
  /** A call must meet each condition that is there. */
  when: z
    .strictObject({
      prompt: z.array(z.string()).min(1).optional(),
      priority: z
        .array(z.enum(['low', 'normal', 'high', 'urgent']))
        .min(1)
        .optional(),
      level: z.array(z.int().min(0).max(3)).min(1).optional(),
    })
    .optional(),
  /** `endpoint/model`: the first is wanted, the others are for when it fails, in their order. */
  use: z.array(z.string()).min(1).max(10),
  shadow: z.strictObject({ use: z.string(), share: z.number().min(0).max(1) }).optional(),
})

export const ModelsFile = z.strictObject({
  endpoints: z.record(name, EndpointEntry),
  /** The first that a call meets is taken. */
  routes: z.array(RouteEntry).min(1),
})
export type ModelsFile = z.infer<typeof ModelsFile>
export type EndpointEntry = z.infer<typeof EndpointEntry>
export type ModelEntry = z.infer<typeof ModelEntry>
export type RouteEntry = z.infer<typeof RouteEntry>
