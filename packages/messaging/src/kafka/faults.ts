import { Fault } from '@concord/contracts'

/** Answers about a member that the group has gone on without. */
const fencedTypes = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'])

/** Answers that a record earns by itself, however often it is sent. */
const refusedTypes = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
])

/** Answers that pass when the group's coordinator is asked again, or another one is. */
const passingTypes = new Set(['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS'])

/** The broker's name for what went wrong, from wherever the client has put it. */
export function errorType(error: unknown): string | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    if ('type' in one && typeof one.type === 'string') return one.type
  }
  return undefined
}

export function isRefusal(error: unknown): boolean {
  return refusedTypes.has(errorType(error) ?? '')
}

export function isPassing(error: unknown): boolean {
  return passingTypes.has(errorType(error) ?? '') || (error instanceof Error && error.name.startsWith('KafkaJSConnection'))
}

/** Says whether the client's error is one that a later attempt can get past. */
export function isRetriable(error: unknown): boolean {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    if (one.name.startsWith('KafkaJSConnection') || one.name === 'KafkaJSNumberOfRetriesExceeded') return true
    if (one.name === 'KafkaJSNoBrokerAvailableError' || one.name === 'KafkaJSRequestTimeoutError') return true
    if ('retriable' in one && one.retriable === true) return true
  }
  return false
}

/** Classifies what the client throws. Total: never throws. */
export function brokerFault(error: unknown, doing: string): Fault {
  if (error instanceof Fault) return error
  const type = errorType(error)
  const reason = error instanceof Error ? error.message : 'an unknown error'
  if (type !== undefined && fencedTypes.has(type)) return new Fault('fenced', `${doing}: ${reason}`, { cause: error })
  if (isRefusal(error)) return new Fault('invalid_record', `${doing}: ${reason}`, { cause: error })
  return new Fault('broker_unavailable', `${doing}: ${reason}`, { retryable: true, cause: error })
}
