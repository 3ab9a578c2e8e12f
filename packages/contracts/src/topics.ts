import type { z } from 'zod'
import { wellFormed } from './well-formed.ts'
import { Action, ActionResult } from './messages/action.ts'
import { Brief } from './messages/brief.ts'
import { CaseEvent } from './messages/case-event.ts'
import { Draft } from './messages/draft.ts'
import { Decision, Escalation } from './messages/escalation.ts'
import { Failure } from './messages/failure.ts'
import { Knowledge } from './messages/knowledge.ts'
import { ModelCall } from './messages/model-call.ts'
import { Policy } from './messages/policy.ts'
import { Reply } from './messages/reply.ts'
import { Request } from './messages/request.ts'
import { Rework } from './messages/rework.ts'
import { Triage } from './messages/triage.ts'

/** A versioned topic and the shape of its messages. */
export interface Topic<Noun extends string = string, T = unknown> {
  noun: Noun
  major: number
  /** `concord.<noun>.v<major>`. */
  name: string
  /** Subject in the registry. */
  subject: string
  schema: z.ZodType<T>
}

export type MessageOf<T> = T extends Topic<string, infer M> ? M : never

function topic<const Noun extends string, T>(noun: Noun, schema: z.ZodType<T>): Topic<Noun, T> {
  const name = `concord.${noun}.v1`
  return { noun, major: 1, name, subject: `${name}-value`, schema: wellFormed(schema) }
}

export const requests = topic('requests', Request)
export const triaged = topic('triage', Triage)
export const knowledge = topic('knowledge', Knowledge)
export const policy = topic('policy', Policy)
export const briefs = topic('briefs', Brief)
export const drafts = topic('drafts', Draft)
export const reworks = topic('reworks', Rework)
export const failures = topic('failures', Failure)
export const replies = topic('replies', Reply)
export const actions = topic('actions', Action)
export const actionResults = topic('action-results', ActionResult)
export const escalations = topic('escalations', Escalation)
export const decisions = topic('decisions', Decision)
export const caseEvents = topic('case-events', CaseEvent)
export const modelCalls = topic('model-calls', ModelCall)

/** Every topic of the constellation, in the order of the flow. */
export const topics = [
  requests,
  triaged,
  knowledge,
  policy,
  briefs,
  drafts,
  reworks,
  failures,
  replies,
  actions,
  actionResults,
  escalations,
  decisions,
  caseEvents,
  modelCalls,
] as const

/** @returns the topic of that full name, or undefined for a name that is none of ours. */
export function topicByName(name: string): Topic | undefined {
  return topics.find((topic) => topic.name === name)
}
