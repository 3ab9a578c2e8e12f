import type { RequestResult } from '../requests/outcomes.ts'

export const resultFor = (overrides: Partial<RequestResult> = {}): RequestResult => ({
  requestId: 'req-1',
  outcome: 'answered',
  reply: 'A book may be kept for 30 days.',
  reason: 'agreed',
  error: null,
  citations: 1,
  actions: [],
  conflicts: [],
  decidedBy: 'agents',
  traceId: 'trace-1',
  ms: 80,
  ...overrides,
})
