export { defineAgent, seconds, type Agent, type AgentContext, type EnvelopeOptions } from './agent/define-agent.ts'
export { runAgent } from './agent/run-agent.ts'
export { backOff, type BackOff } from './back-off.ts'
export type { BoundModel, Question } from './bound-model.ts'
export { createCallLog, type CallLog } from './call-log.ts'
export { dependencyNames, type DependencyName } from './dependencies.ts'
export type { Deps, RunConfig, Running } from './deps.ts'
export { agentPrefix, caseStoreKey, deadLetterTopic, dueIndex, outboxIndex, workKey } from './keys.ts'
export {
  createLocalLimiter,
  createRedisLimiter,
  perSecond,
  type Limiter,
  type Rate,
  type RedisLimiterOptions,
} from './limiter/index.ts'
export { giveUp, publish, skip, type GiveUp, type Outcome, type OutputOf, type Publish, type Skip } from './outcome.ts'
export {
  defineProcess,
  type DueInput,
  type Input,
  type Journal,
  type MessageInput,
  type Process,
  type Unreadable,
} from './process/define-process.ts'
export { runProcess } from './process/run-process.ts'
export { parseConfig, readEnv, type Env, type ServiceConfig } from './service/config.ts'
export { createDeps, storePrefix } from './service/create-deps.ts'
export { startHealthServer, type HealthServer, type HealthSource } from './service/health-server.ts'
export { runService } from './service/run-service.ts'
export { serve, type Parts, type ServeOptions, type Service } from './service/serve.ts'
