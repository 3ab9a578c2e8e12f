import { Fault } from '@concord/contracts'
import { parseAnswer, type ParsedAnswer } from '../../parse-answer.ts'
import type { ModelRequest } from '../../port.ts'
import { renderPrompt } from '../../render.ts'
import type { Reply } from '../../reply.ts'
import { targetOf, type Step } from '../ask.ts'
import type { OnGatewayEvent } from '../events.ts'

const mostAnswers = 3
/** Of an unusable answer, what is shown to the model again. */
const mostQuotedChars = 8_000

/** Puts the question, and makes a value of the answer. One that cannot be used is asked for again with its errors quoted: three answers at most. */
export function parseAndCorrect(onEvent: OnGatewayEvent): Step {
  return async (ask, next) => {
    const { request, messages } = ask
    const { system, user } = renderPrompt(request.prompt, request.input)
    messages.push({ role: 'system', content: system }, { role: 'user', content: user })
    let problem = ''
    for (let answers = 1; answers <= mostAnswers; answers++) {
      const { reply } = await next()
      if (reply.kind === 'refused') throw new Fault('model_refused', 'the model declined to answer')
      const parsed = judge(reply, request)
      if (parsed.ok) return { reply, value: parsed.value }
      problem = parsed.problem
      onEvent({ kind: 'correction', target: targetOf(ask).id, problem })
      if (reply.text !== '') messages.push({ role: 'assistant', content: reply.text.slice(0, mostQuotedChars) })
      messages.push({ role: 'user', content: correction(parsed.detail, request.schemaName) })
      if (reply.kind === 'truncated' && ask.maxOutputTokens !== undefined) ask.maxOutputTokens *= 2
    }
    throw new Fault('model_invalid_answer', `no usable answer in ${mostAnswers}: ${problem}`)
  }
}

function judge(reply: Reply, request: ModelRequest<unknown>): ParsedAnswer<unknown> {
  switch (reply.kind) {
    case 'truncated':
      return { ok: false, problem: 'cut off', detail: 'It was cut off at the limit of its length. Be briefer.' }
    case 'empty':
    case 'refused':
      return { ok: false, problem: 'empty', detail: 'It was empty.' }
    case 'text':
      return parseAnswer(reply.text, request.schema)
  }
}

function correction(detail: string, schemaName: string): string {
  return `Your last answer cannot be used:\n${detail}\nAnswer the request again, with nothing but JSON that matches the schema ${schemaName}.`
}
