import { createCodec, createConfluentRegistry, Fault, loadSchemas, systemClock } from '@concord/contracts'
import { createKafkaBroker, type KafkaBrokerOptions } from '@concord/messaging'
import { createBreakers, createGateway, createOpenAIModel, openModels } from '@concord/model'
import { createRedisStore } from '@concord/store'
import { createLogger, createMetrics, type Logger } from '@concord/telemetry'
import { createCallLog } from '../call-log.ts'
import type { Deps } from '../deps.ts'
import { createRedisLimiter } from '../limiter/index.ts'
import type { ServiceConfig } from './config.ts'
import { apartFromShadows, gatewayEvents } from './gateway-events.ts'

/** Before every key of ours in Redis. */
export const storePrefix = 'concord:'

const pingTimeoutMs = 3_000

/**
 * The real parts, with those of `overrides` instead where given. Nothing connects yet, so nothing fails here because it is away.
 * @param signal closes what was opened, once everything that uses it has ended
 */
export function createDeps(name: string, config: ServiceConfig, signal: AbortSignal, overrides: Partial<Deps> = {}): Deps {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? createLogger({ service: name, level: config.log.level })
  const random = overrides.random ?? Math.random
  const metrics = overrides.metrics ?? createMetrics(name)
  const registry = overrides.registry ?? createConfluentRegistry({ url: config.secrets.registryUrl, clock })
  return {
    clock,
    random,
    log,
    metrics,
    registry,
    codec: overrides.codec ?? createCodec({ registry, schemas: loadSchemas() }),
    broker:
      overrides.broker ??
      createKafkaBroker({ brokers: config.broker.brokers, clientId: config.run.clientId, log: clientLog(log) }),
    store: overrides.store ?? openStore(config, signal),
    createLimiter: (limited, rate) => createRedisLimiter(limited, rate, { url: config.secrets.storeUrl }),
    ...(overrides.model === undefined ? modelDeps(config, { clock, random, log, metrics, signal }) : { model: overrides.model }),
    ...overrides,
  }
}

/** The client's own words, its errors as warnings: what they mean for the service, the runtime says. */
function clientLog(log: Logger): NonNullable<KafkaBrokerOptions['log']> {
  const own = log.child({ client: 'kafkajs' })
  return ({ level, message, fields }) => own[level === 'error' ? 'warn' : 'debug'](fields, message)
}

function openStore(config: ServiceConfig, signal: AbortSignal): Deps['store'] {
  const store = createRedisStore({ url: config.secrets.storeUrl, prefix: storePrefix })
  signal.addEventListener('abort', () => void store.close(), { once: true })
  return store
}

type ModelParts = Pick<Deps, 'clock' | 'random' | 'log' | 'metrics'> & { signal: AbortSignal }

/** @throws Fault `invalid_config` where there is a models file that cannot be used */
function modelDeps(config: ServiceConfig, parts: ModelParts): Pick<Deps, 'model' | 'failedCall' | 'pingModel'> {
  const { baseURL, name: model, requestTimeoutMs, folder } = config.model
  const { modelApiKey: apiKey, modelEnv: env } = config.secrets
  const { onCall, failedCall } = createCallLog()
  const { log, metrics } = parts
  const ports = { ...parts, onCall: apartFromShadows(log, metrics, onCall), onEvent: gatewayEvents(log, metrics) }
  if (folder === null) {
    const only = createOpenAIModel({ ...ports, baseURL, apiKey, model, requestTimeoutMs })
    return { model: only, failedCall, pingModel: () => pingModel(baseURL, apiKey) }
  }
  const models = openModels({ ...ports, folder, env })
  const ping = () => Promise.any(models.urls().map((url) => pingModel(url))).catch(noneAnswers)
  const breakers = createBreakers({
    ...parts,
    onChange: ({ target, from, to }) => ports.onEvent({ kind: 'breaker', target, from, to }),
  })
  return { model: createGateway({ ...ports, ...models, breakers }), failedCall, pingModel: ping }
}

/** Any answer will do: whether the model can be used shows when it is. */
async function pingModel(baseURL: string, apiKey?: string): Promise<void> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  try {
    const answer = await fetch(`${baseURL.replace(/\/+$/, '')}/models`, { headers, signal: AbortSignal.timeout(pingTimeoutMs) })
    await answer.body?.cancel()
  } catch (error) {
    const mend = 'Check OPENAI_BASE_URL and that the endpoint runs.'
    throw new Fault('model_unavailable', 'the endpoint of the model does not answer.', { retryable: true, mend, cause: error })
  }
}

function noneAnswers(error: unknown): never {
  const mend = 'Check the base URLs in models.yaml, and that an endpoint runs.'
  throw new Fault('model_unavailable', 'no endpoint of models.yaml answers.', { retryable: true, mend, cause: error })
}
