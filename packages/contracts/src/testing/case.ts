import type { z } from 'zod'
import { Envelope } from '../envelope.ts'
import { Request } from '../messages/request.ts'
import { openEnvelope, type Making } from '../request-intake.ts'

/** 2026-01-01T00:00:00Z, where the virtual clock of `@concord/testing` starts. */
export const testTime = Date.UTC(2026, 0, 1)

/** What a builder takes: any fields as one would write them in JSON; the rest is filled in, and the whole is checked. */
export type Overrides<S extends z.ZodType> = Partial<z.input<S>>

/** Envelopes of builders may be given in part. */
export type MessageOverrides<S extends z.ZodType> = Omit<Overrides<S>, 'envelope'> & { envelope?: Overrides<typeof Envelope> }

export function aRequest(overrides: Overrides<typeof Request> = {}): Request {
  return Request.parse({ tenantId: 'acme', requestId: 'req-1', text: 'When does the library open?', ...overrides })
}

/** As `maker` writes it for `aRequest()`; other fields as given. */
export function anEnvelope(overrides: Overrides<typeof Envelope> = {}, maker: Partial<Making> = {}): Envelope {
  const { tenantId = 'acme', requestId = 'req-1', conversationId = null, customerId = null } = overrides
  const request = aRequest({ tenantId, requestId, conversationId, customerId })
  const making = { agent: 'triage', version: '1.0.0', domainVersion: 'test-1', now: testTime + 10, ...maker }
  if (overrides.revision !== undefined) making.revision = overrides.revision
  return Envelope.parse({ ...openEnvelope(request, { timestamp: testTime }, making), ...overrides })
}
