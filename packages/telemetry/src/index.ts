export {
  createLogger,
  describeError,
  logLevels,
  masked,
  silentLogger,
  type LogFields,
  type Logger,
  type LoggerOptions,
} from './logger.ts'
export { addProcessMetrics, createMetrics, type Metrics } from './metrics.ts'
export { flushSpans, inSpan, startProcessSpan, startSendSpan, type ProcessedMessage, type Span } from './tracing.ts'
