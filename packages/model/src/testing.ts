/** A model that says what its script says, for the tests of everything that asks a model. */
import { Fault } from '@concord/contracts'
import type { CallContext, Model, ModelCallRecord } from './port.ts'

/** What one ask gets: a value, made from the input where it is a function, or a fault. */
export type ScriptedStep =
  | {
      /** The prompt that this step is for; any where it is left out. */
      prompt?: string
      answer: unknown
    }
  | { prompt?: string; fault: Fault }

/** Steps in the order of the asks, or for each prompt name the step that all its asks get. */
export type Script = readonly ScriptedStep[] | Readonly<Record<string, ScriptedStep>>

export interface ScriptedCall {
  prompt: string
  input: Readonly<Record<string, unknown>>
  schemaName: string
  call: Readonly<CallContext>
}

export interface ScriptedModel extends Model {
  /** Every ask so far, frozen. */
  calls: readonly ScriptedCall[]
  /** Steps of an ordered script that nobody has asked for. */
  remaining(): readonly ScriptedStep[]
}

/** An ask that the script does not expect, and a scripted answer that its schema refuses, reject with a Fault `internal`. */
export function createScriptedModel(script: Script): ScriptedModel {
  const calls: ScriptedCall[] = []
  const left = isOrdered(script) ? [...script] : []

  const next = (prompt: string): ScriptedStep => {
    const step = isOrdered(script) ? left[0] : Object.hasOwn(script, prompt) ? script[prompt] : undefined
    if (step === undefined) throw new Fault('internal', `the script has no step for the prompt ${prompt}`)
    if (step.prompt !== undefined && step.prompt !== prompt) {
      throw new Fault('internal', `the script expects the prompt ${step.prompt}, but ${prompt} was asked`)
    }
    left.shift()
    return step
  }

  return {
    calls,
    remaining: () => [...left],
    async ask({ prompt, input, schema, schemaName, call, signal }) {
      calls.push(deepFreeze(structuredClone({ prompt: prompt.name, input, schemaName, call })))
      if (signal.aborted)
        throw signal.reason instanceof Fault ? signal.reason : new Fault('aborted', 'the caller gave the call up')
      const step = next(prompt.name)
      if ('fault' in step) throw step.fault
      const answer: unknown = typeof step.answer === 'function' ? step.answer(input) : step.answer
      const parsed = schema.safeParse(answer)
      if (!parsed.success)
        throw new Fault('internal', `the scripted answer to ${prompt.name} does not match its schema: ${parsed.error.message}`)
      const record: ModelCallRecord = {
        callId: call.callId,
        agent: call.agent,
        promptName: prompt.name,
        promptVersion: prompt.version,
        promptHash: prompt.hash,
        provider: 'script',
        model: 'script',
        attempts: 1,
        inputTokens: 0,
        cachedInputTokens: 0,
        outputTokens: 0,
        costMicros: null,
        latencyMs: 0,
        outcome: 'ok',
        error: null,
        startedAt: 0,
      }
      return { value: parsed.data, record }
    },
  }
}

function isOrdered(script: Script): script is readonly ScriptedStep[] {
  return Array.isArray(script)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
