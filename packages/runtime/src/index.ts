export { defineAgent, seconds, type Agent, type AgentContext, type EnvelopeOptions } from './agent/define-agent.ts'
export { runAgent } from './agent/run-agent.ts'
export { backOff, type BackOff } from './back-off.ts'
export type { BoundModel, Question } from './bound-model.ts'
export { createCallLog, type CallLog } from './call-log.ts'
export { dependencyNames, type DependencyName } from './dependencies.ts'
export type { Deps, RunConfig, Running } from './deps.ts'
export { agentPrefix, caseStoreKey, deadLetterTopic, dueIndex, outboxIndex, stateSentinel, workKey } from './keys.ts'
export {
  createLocalLimiter,
  createRedisLimiter,
  perSecond,
  type Limiter,
  type Rate,
  type RedisLimiterOptions,
} from './limiter/index.ts'
export { letterId, ownHeaders, placeOfLetter, readLetter, replayOf, type Letter } from './letters/letter.ts'
export { createLetterCount, type LetterCount, type OpenLetters } from './letters/open-letters.ts'
export { readSettlement, settlementRecord, type Settlement } from './letters/settlement.ts'
export { giveUp, publish, skip, type GiveUp, type Outcome, type OutputOf, type Publish, type Skip } from './outcome.ts'
export {
  defineProcess,
  type DueInput,
  type Input,
  type Journal,
  type JournalStep,
  type MessageInput,
  type Process,
  type Unreadable,
} from './process/define-process.ts'
export { askForRebuild, notRebuilt, rebuiltSince } from './process/by-hand.ts'
export { rebuildPartition, type RebuildOptions, type Rebuilt } from './process/rebuild.ts'
export { runProcess } from './process/run-process.ts'
export type { RebuiltCounts } from './process/sentinel.ts'
export { recordTimeFrom } from './record-time.ts'
export { parseConfig, readEnv, type Env, type ServiceConfig } from './service/config.ts'
export { createDeps, storePrefix } from './service/create-deps.ts'
export { startHealthServer, type HealthServer, type HealthSource } from './service/health-server.ts'
export { runService } from './service/run-service.ts'
export { serve, type Parts, type ServeOptions, type Service } from './service/serve.ts'
