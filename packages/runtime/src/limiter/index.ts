export { perSecond, type Limiter, type Rate } from './limiter.ts'
export { createLocalLimiter } from './local.ts'
export { createRedisLimiter, type RedisLimiterOptions } from './redis.ts'
