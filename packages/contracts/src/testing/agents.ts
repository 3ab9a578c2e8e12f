import { Draft } from '../messages/draft.ts'
import { Failure } from '../messages/failure.ts'
import { Knowledge } from '../messages/knowledge.ts'
import { ModelCall } from '../messages/model-call.ts'
import { Policy } from '../messages/policy.ts'
import { Triage } from '../messages/triage.ts'
import { anEnvelope, testTime, type MessageOverrides } from './case.ts'
import { aClaim, aPassage } from './parts.ts'

export function aTriage(overrides: MessageOverrides<typeof Triage> = {}): Triage {
  return Triage.parse({
    intent: 'opening_hours',
    category: 'visits',
    entities: [],
    language: 'en',
    urgency: 'normal',
    riskFlags: [],
    inScope: true,
    confidence: 0.9,
    reason: 'It asks about opening hours.',
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'triage' }),
  })
}

export function aKnowledge(overrides: MessageOverrides<typeof Knowledge> = {}): Knowledge {
  const envelope = anEnvelope(overrides.envelope, { agent: 'knowledge' })
  return Knowledge.parse({ claims: [aClaim()], passages: [aPassage()], confidence: 0.9, ...overrides, envelope })
}

export function aPolicy(overrides: MessageOverrides<typeof Policy> = {}): Policy {
  const envelope = anEnvelope(overrides.envelope, { agent: 'policy' })
  return Policy.parse({ claims: [], verdicts: [], toolResults: [], missing: [], confidence: 1, ...overrides, envelope })
}

export function aDraft(overrides: MessageOverrides<typeof Draft> = {}): Draft {
  return Draft.parse({
    text: 'A book may be kept for 30 days.',
    citations: [{ start: 0, end: 31, claim: 'c-1', source: 'Loans, version 1' }],
    commitments: [],
    claims: [],
    obligationsMet: [],
    confidence: 0.9,
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'response' }),
  })
}

export function aFailure(overrides: MessageOverrides<typeof Failure> = {}): Failure {
  return Failure.parse({
    agent: 'knowledge',
    code: 'deadline_exceeded',
    message: 'deadline_exceeded: no answer within 10 s',
    topic: 'concord.triage.v1',
    partition: 0,
    offset: 17,
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'knowledge', noun: 'failures' }),
  })
}

export function aModelCall(overrides: MessageOverrides<typeof ModelCall> = {}): ModelCall {
  return ModelCall.parse({
    callId: 'call-1',
    agent: 'triage',
    promptName: 'triage',
    promptVersion: '1',
    promptHash: 'prompt-1',
    provider: 'http://127.0.0.1',
    model: 'test-model',
    attempts: 1,
    inputTokens: 320,
    cachedInputTokens: 0,
    outputTokens: 40,
    latencyMs: 12.5,
    outcome: 'ok',
    startedAt: testTime,
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'triage', noun: 'model-calls/call-1' }),
  })
}
