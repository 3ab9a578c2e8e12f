import { hostname } from 'node:os'
import { Fault } from '@concord/contracts'
import { keyVariable, urlVariable } from '@concord/model'
import { logLevels } from '@concord/telemetry'
import { z } from 'zod'

/** Variables by name, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>

const address = /^(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/

const url = (what: string, protocols: RegExp) =>
  z.string().refine((text) => protocols.test(URL.parse(text)?.protocol ?? ''), { error: `must be ${what}` })

const whole = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number)

/** Every variable that a service reads, with its rule. `.env.example` explains each. */
const Variables = z.object({
  KAFKA_BROKERS: z
    .string()
    .refine((text) => text.split(',').every((one) => address.test(one.trim())), {
      error: 'must be host:port, or several with commas between',
    })
    .default('127.0.0.1:9092'),
  SCHEMA_REGISTRY_URL: url('an http or https URL', /^https?:$/).default('http://127.0.0.1:8081/apis/ccompat/v7'),
  REDIS_URL: url('a redis or rediss URL', /^rediss?:$/).default('redis://127.0.0.1:6379'),
  OPENAI_BASE_URL: url('an http or https URL', /^https?:$/).default('http://127.0.0.1:4010/v1'),
  OPENAI_API_KEY: z.string().min(1, { error: 'must not be empty' }).default('none'),
  CONCORD_MODEL: z.string().min(1, { error: 'must name a model' }).default('concord-simulator-1'),
  CONCORD_MODEL_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  CONCORD_MODELS: z.string().min(1, { error: 'must be the path of a folder with models.yaml and prices.yaml' }).optional(),
  CONCORD_DOMAIN: z.string().min(1, { error: 'must be the path of a domain folder' }).default('domains/shop'),
  CONCORD_BACKEND_URL: url('an http or https URL', /^https?:$/).default('http://127.0.0.1:4020'),
  CONCORD_TENANT: z.string().min(1, { error: 'must name a tenant' }).default('default'),
  CONCORD_CONCURRENCY: whole(1, 10_000).optional(),
  CONCORD_RATE_PER_SECOND: whole(1, 100_000).optional(),
  CONCORD_HORIZON_HOURS: whole(1, 24 * 90).default(24),
  CONCORD_DRAIN_MS: whole(100, 60_000).default(5_000),
  CONCORD_CLIENT_ID: z.string().min(1, { error: 'must not be empty' }).optional(),
  HEALTH_HOST: z.string().min(1, { error: 'must be an address to listen on' }).default('127.0.0.1'),
  HEALTH_PORT: whole(0, 65_535).default(0),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
})

/** The settings of one service, by concern. */
export type ServiceConfig = ReturnType<typeof parseConfig>

const secretVariables: readonly string[] = ['OPENAI_API_KEY', 'REDIS_URL', 'SCHEMA_REGISTRY_URL']

/** The variables that are set, and none that is empty: `X=` in a file means that X is not set. */
export function readEnv(env: Env = process.env): Env {
  const known = (name: string): boolean => Object.hasOwn(Variables.shape, name) || isOfModels(name)
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => known(name) && value))
}

/** Addresses and keys that `models.yaml` may name. */
function isOfModels(name: string): boolean {
  return keyVariable.test(name) || urlVariable.test(name)
}

/** @throws Fault `invalid_config` naming each variable that breaks its rule, the rule, and the mend. */
export function parseConfig(name: string, env: Env) {
  const parsed = Variables.safeParse(env)
  if (!parsed.success) throw invalid(parsed.error, env)
  const set = parsed.data
  return deepFreeze({
    broker: { brokers: set.KAFKA_BROKERS.split(',').map((one) => one.trim()) },
    model: {
      baseURL: set.OPENAI_BASE_URL,
      name: set.CONCORD_MODEL,
      requestTimeoutMs: set.CONCORD_MODEL_TIMEOUT_MS,
      /** Of the models file; null where the one endpoint above is all there is. */
      folder: set.CONCORD_MODELS ?? null,
    },
    domain: { folder: set.CONCORD_DOMAIN, backEndUrl: set.CONCORD_BACKEND_URL },
    tenant: set.CONCORD_TENANT,
    run: {
      clientId: set.CONCORD_CLIENT_ID ?? `${name}-${hostname()}-${process.pid}`,
      horizonMs: set.CONCORD_HORIZON_HOURS * 3_600_000,
      drainBudgetMs: set.CONCORD_DRAIN_MS,
      ...(set.CONCORD_CONCURRENCY === undefined ? {} : { concurrency: set.CONCORD_CONCURRENCY }),
      ...(set.CONCORD_RATE_PER_SECOND === undefined ? {} : { ratePerSecond: set.CONCORD_RATE_PER_SECOND }),
    },
    health: { host: set.HEALTH_HOST, port: set.HEALTH_PORT },
    log: { level: set.LOG_LEVEL },
    /** URLs stand here because they may hold credentials. Never logged. */
    secrets: {
      modelApiKey: set.OPENAI_API_KEY,
      modelEnv: Object.fromEntries(Object.entries(env).filter(([name]) => isOfModels(name))),
      registryUrl: set.SCHEMA_REGISTRY_URL,
      storeUrl: set.REDIS_URL,
    },
  })
}

function invalid(error: z.ZodError, env: Env): Fault {
  const lines = error.issues.map(({ path, message }) => {
    const variable = String(path[0])
    const shown = secretVariables.includes(variable) ? '' : `, but is ${JSON.stringify(env[variable])}`
    return `${variable} ${message}${shown}.`
  })
  return new Fault('invalid_config', lines.join(' '), {
    mend: 'Set it in the environment or in .env; .env.example explains each.',
  })
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member)
  return Object.freeze(value)
}
