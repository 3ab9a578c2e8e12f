/** Builders for tests: a whole valid message from the few fields that matter to one. The trade is nobody's in particular. */
export { aDraft, aFailure, aKnowledge, aModelCall, aPolicy, aTriage } from './testing/agents.ts'
export { anEnvelope, aRequest, testTime, type MessageOverrides, type Overrides } from './testing/case.ts'
export { aBrief, aCaseEvent, aDecision, anAction, anActionResult, anEscalation, aReply, aRework } from './testing/coordination.ts'
export { aClaim, aFinding, aPassage, aToolResult, aVerdict } from './testing/parts.ts'
