/** Entries for tests, made from messages. */
import type { LogEntry } from '../log/entry.ts'
import { testTime } from '@concord/contracts/testing'

/** A message as it lies on its topic. @param atMs after the request's own time */
export function anEntry(noun: string, value: object, atMs = 0, overrides: Partial<LogEntry> = {}): LogEntry {
  const owner = ('envelope' in value ? value.envelope : value) as { tenantId: string; requestId: string }
  return {
    noun,
    topic: `concord.${noun}.v1`,
    partition: 0,
    offset: 0,
    timestamp: testTime + atMs,
    tenantId: owner.tenantId,
    requestId: owner.requestId,
    traceId: 'trace-1',
    headers: {},
    value: value as Record<string, unknown>,
    ...overrides,
  }
}
