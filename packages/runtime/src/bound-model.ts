import type { CallContext, Model, ModelAnswer, ModelCallRecord, ModelRequest } from '@concord/model'

/** What a handler says when it asks; deadline, signal and ids are those of its message. A signal of its own may end the call earlier. */
export type Question<T> = Omit<ModelRequest<T>, 'call' | 'signal'> & { signal?: AbortSignal }

/** A model in the hands of one message. */
export interface BoundModel {
  /** Rejects with a fault that says by its code what went wrong; most handlers let it pass. Once the signal has aborted, no call begins. */
  ask<T>(question: Question<T>): Promise<ModelAnswer<T>>
}

export interface BindModelOptions {
  model: Model
  /** Without the `callId`, which is derived: the message's id and the number of the call. */
  call: Omit<CallContext, 'callId'>
  messageId: string
  signal: AbortSignal
  /** Told of every call, also of rejected ones where `failedCall` knows them. */
  onCall(record: ModelCallRecord): void
  /** The record of a rejected call. */
  failedCall?(callId: string): ModelCallRecord | undefined
}

export function bindModel({ model, call, messageId, signal, onCall, failedCall }: BindModelOptions): BoundModel {
  let count = 0
  return {
    async ask(question) {
      signal.throwIfAborted()
      const callId = `${call.agent}/${messageId}/${++count}`
      try {
        const either = question.signal === undefined ? signal : AbortSignal.any([signal, question.signal])
        const answer = await model.ask({ ...question, signal: either, call: { ...call, callId } })
        onCall(answer.record)
        return answer
      } catch (error) {
        const record = failedCall?.(callId)
        if (record !== undefined) onCall(record)
        throw error
      }
    },
  }
}
