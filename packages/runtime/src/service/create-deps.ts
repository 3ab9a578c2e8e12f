import { createCodec, createConfluentRegistry, Fault, loadSchemas, systemClock } from '@concord/contracts'
import { createKafkaBroker, type KafkaBrokerOptions } from '@concord/messaging'
import { createOpenAIModel } from '@concord/model'
import { createRedisStore } from '@concord/store'
import { createLogger, createMetrics, type Logger } from '@concord/telemetry'
import { createCallLog } from '../call-log.ts'
import type { Deps } from '../deps.ts'
import { createRedisLimiter } from '../limiter/index.ts'
import type { ServiceConfig } from './config.ts'

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
  const registry = overrides.registry ?? createConfluentRegistry({ url: config.secrets.registryUrl, clock })
  return {
    clock,
    random: Math.random,
    log,
    metrics: overrides.metrics ?? createMetrics(name),
    registry,
    codec: overrides.codec ?? createCodec({ registry, schemas: loadSchemas() }),
    broker:
      overrides.broker ??
      createKafkaBroker({ brokers: config.broker.brokers, clientId: config.run.clientId, log: clientLog(log) }),
    store: overrides.store ?? openStore(config, signal),
    createLimiter: (limited, rate) => createRedisLimiter(limited, rate, { url: config.secrets.storeUrl }),
    ...(overrides.model === undefined ? modelDeps(config, clock) : { model: overrides.model }),
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

function modelDeps(config: ServiceConfig, clock: Deps['clock']): Pick<Deps, 'model' | 'failedCall' | 'pingModel'> {
  const { baseURL, name: model, requestTimeoutMs } = config.model
  const apiKey = config.secrets.modelApiKey
  const calls = createCallLog()
  return {
    model: createOpenAIModel({ baseURL, apiKey, model, clock, requestTimeoutMs, onCall: calls.onCall }),
    failedCall: calls.failedCall,
    pingModel: () => pingModel(baseURL, apiKey),
  }
}

/** Any answer will do: whether the model can be used shows when it is. */
async function pingModel(baseURL: string, apiKey: string): Promise<void> {
  const asked = { headers: { authorization: `Bearer ${apiKey}` }, signal: AbortSignal.timeout(pingTimeoutMs) }
  try {
    const answer = await fetch(`${baseURL.replace(/\/+$/, '')}/models`, asked)
    await answer.body?.cancel()
  } catch (error) {
    const mend = 'Check OPENAI_BASE_URL and that the endpoint runs.'
    throw new Fault('model_unavailable', 'the endpoint of the model does not answer.', { retryable: true, mend, cause: error })
  }
}
