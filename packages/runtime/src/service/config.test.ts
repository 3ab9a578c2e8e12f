import { expect, test } from 'vitest'
import { parseConfig, readEnv } from './config.ts'

test('with nothing set, everything has a local default and is frozen', () => {
  const config = parseConfig('triage', readEnv({ PATH: '/bin' }))
  expect(config.broker.brokers).toEqual(['127.0.0.1:9092'])
  expect(config.health).toEqual({ host: '127.0.0.1', port: 0 })
  expect(config.run.clientId).toMatch(/^triage-/)
  expect(config.run).not.toHaveProperty('concurrency')
  expect(Object.isFrozen(config) && Object.isFrozen(config.broker) && Object.isFrozen(config.broker.brokers)).toBe(true)
})

test('what is set is parsed, and what is set to nothing counts as not set', () => {
  const env = {
    KAFKA_BROKERS: 'k1:9092, k2:9093',
    CONCORD_CONCURRENCY: '8',
    CONCORD_RATE_PER_SECOND: '5',
    HEALTH_PORT: '',
    LOG_LEVEL: 'warn',
  }
  const config = parseConfig('triage', readEnv(env))
  expect(config.broker.brokers).toEqual(['k1:9092', 'k2:9093'])
  expect(config.run).toMatchObject({ concurrency: 8, ratePerSecond: 5, horizonMs: 86_400_000 })
  expect(config.health.port).toBe(0)
  expect(config.log.level).toBe('warn')
})

test.each([
  ['KAFKA_BROKERS', 'localhost', 'must be host:port, or several with commas between, but is "localhost".'],
  ['KAFKA_BROKERS', 'a:1,,b:2', 'must be host:port, or several with commas between, but is "a:1,,b:2".'],
  ['CONCORD_CONCURRENCY', '0', 'must be a whole number from 1 to 10000, but is "0".'],
  ['CONCORD_CONCURRENCY', 'many', 'must be a whole number from 1 to 10000, but is "many".'],
  ['CONCORD_RATE_PER_SECOND', '1.5', 'must be a whole number from 1 to 100000, but is "1.5".'],
  ['HEALTH_PORT', '70000', 'must be a whole number from 0 to 65535, but is "70000".'],
  ['LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error, silent, but is "loud".'],
  ['OPENAI_BASE_URL', 'example.com', 'must be an http or https URL, but is "example.com".'],
])('%s=%s is refused, naming variable, rule and mend', (variable, value, says) => {
  expect(() => parseConfig('triage', readEnv({ [variable]: value }))).toThrow(
    `invalid_config: ${variable} ${says} Set it in the environment or in .env; .env.example explains each.`,
  )
})

test('a refused value that may hold a secret is not shown', () => {
  const env = readEnv({ REDIS_URL: 'http://user:secret@host', SCHEMA_REGISTRY_URL: 'ftp://user:secret@host' })
  const refused = () => parseConfig('triage', env)
  expect(refused).toThrow(/REDIS_URL must be a redis or rediss URL\./)
  expect(refused).not.toThrow(/secret/)
})
