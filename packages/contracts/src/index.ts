export type { AvroSchemaJson } from './avro.ts'
export { canonicalJson, contentHash } from './canonical.ts'
export { Claim, ClaimSource, ClaimValue, durationUnits, Money, valueKinds } from './claims.ts'
export { createCodec, type Codec, type CodecOptions } from './codec.ts'
export { systemClock, type Clock, type Random } from './clock.ts'
export { Basis, customerText, Envelope, MadeBy, priorities, requestLimits, RequestSnapshot, Turn } from './envelope.ts'
export { Fault, type FaultCode, type FaultOptions } from './faults.ts'
export { Finding, layers, Side, type Layer } from './findings.ts'
export { messageHeaders, readHeaders, type HeadersOf, type RawHeaders } from './headers.ts'
export {
  caseKey,
  ConversationId,
  CustomerId,
  MessageId,
  messageId,
  partitionKey,
  RequestId,
  requestHash,
  TenantId,
  type MessageOrigin,
} from './ids.ts'
export { Action, ActionResult, approvalHash } from './messages/action.ts'
export { Brief, Objection } from './messages/brief.ts'
export { CaseEvent } from './messages/case-event.ts'
export { Citation, Commitment, Draft } from './messages/draft.ts'
export { Decision, Escalation } from './messages/escalation.ts'
export { Failure } from './messages/failure.ts'
export { Knowledge, Passage } from './messages/knowledge.ts'
export { ModelCall } from './messages/model-call.ts'
export { effects, Obligation, Policy, ToolResult, Verdict } from './messages/policy.ts'
export { CarriedOut, outcomes, Reply, type Outcome } from './messages/reply.ts'
export { Request } from './messages/request.ts'
export { Rework } from './messages/rework.ts'
export { Entity, Triage } from './messages/triage.ts'
export {
  actionResults,
  actions,
  briefs,
  caseEvents,
  decisions,
  drafts,
  escalations,
  failures,
  knowledge,
  modelCalls,
  policy,
  replies,
  requests,
  reworks,
  topicByName,
  topics,
  triaged,
  type MessageOf,
  type Topic,
} from './topics.ts'
export { createConfluentRegistry, type ConfluentRegistryOptions } from './registry-confluent.ts'
export { createFolderRegistry } from './registry-folder.ts'
export type { SchemaRegistry } from './registry.ts'
export {
  basisOf,
  caseFacts,
  conversationOf,
  defaultCaseMs,
  messageHash,
  nextEnvelope,
  openEnvelope,
  type CaseFacts,
  type Making,
} from './request-intake.ts'
export { whyNotAfter } from './schema-compat.ts'
export {
  checkSchemas,
  registerSchemas,
  type RegistryCallOptions,
  type SchemaCheck,
  type SchemaRegistration,
} from './schema-register.ts'
export { loadSchemas, type SchemaSet, type SubjectSchemas } from './schemas.ts'
export { childOf, deriveTraceId, isTraceparent, traceIdOf, traceOf, type TraceContext, type TraceOwner } from './trace.ts'
export { Predicate, saysPredicate, type Vocabulary } from './vocabulary.ts'
