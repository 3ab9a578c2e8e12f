/** The model port over any OpenAI-compatible endpoint, by the official client. Retries and corrections are decided here, none in the client. */
import { Fault, type Clock, type Random } from '@concord/contracts'
import OpenAI from 'openai'
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { callLimit, requestLimit } from './limits.ts'
import { parseAnswer, type ParsedAnswer } from './parse-answer.ts'
import type { Model, ModelCallRecord, ModelRequest } from './port.ts'
import type { PriceBook } from './prices.ts'
import { renderPrompt } from './render.ts'
import { readReply, type Reply } from './reply.ts'
import { responseFormat } from './response-format.ts'
import { defaultRetries, retrying, type RetryPolicy } from './retry.ts'
import { startTally, type Tally } from './tally.ts'

export interface OpenAIModelOptions {
  /** Ends in /v1 for most endpoints. */
  baseURL: string
  apiKey: string
  /** As the endpoint names it. */
  model: string
  /** For the record; the base URL's host where it is left out. */
  provider?: string
  prices?: PriceBook
  clock: Clock
  random?: Random
  /** Called once for every ask, whatever became of it. Must not throw. */
  onCall?: (record: ModelCallRecord) => void
  requestTimeoutMs: number
  retries?: RetryPolicy
}

const mostAnswers = 3
/** Of an unusable answer, what is shown to the model again. */
const mostQuotedChars = 8_000

export function createOpenAIModel(options: OpenAIModelOptions): Model {
  const { baseURL, apiKey, clock, prices = {}, model, onCall = () => {} } = options
  // Its own timeout is the last resort, should the clock stand still.
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: options.requestTimeoutMs * 2, logLevel: 'off' })
  const provider = options.provider ?? new URL(baseURL).hostname

  return {
    async ask(request) {
      const tally = startTally(request, { provider, model, prices, clock })
      using limit = callLimit(request.signal, request.call.deadline, clock)
      try {
        const value = await converse(client, request, options, tally, limit.signal)
        const record = tally.finish(null)
        onCall(record)
        return { value, record }
      } catch (error) {
        const fault = limit.fault() ?? Fault.from(error)
        onCall(tally.finish(fault))
        throw fault
      }
    },
  }
}

/** Up to three answers, each after the first to a correction. */
async function converse<T>(
  client: OpenAI,
  request: ModelRequest<T>,
  options: OpenAIModelOptions,
  tally: Tally,
  signal: AbortSignal,
): Promise<T> {
  const { system, user } = renderPrompt(request.prompt, request.input)
  const messages: ChatCompletionMessageParam[] = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ]
  let maxTokens = request.maxOutputTokens
  let problem = ''
  for (let answers = 0; answers < mostAnswers; answers++) {
    const reply = await send(client, request, { messages, maxTokens }, options, tally, signal)
    if (reply.kind === 'refused') throw new Fault('model_refused', 'the model declined to answer')
    const parsed = judge(reply, request)
    if (parsed.ok) return parsed.value
    problem = parsed.problem
    if (reply.text !== '') messages.push({ role: 'assistant', content: reply.text.slice(0, mostQuotedChars) })
    messages.push({ role: 'user', content: correction(parsed.detail, request.schemaName) })
    if (reply.kind === 'truncated' && maxTokens !== undefined) maxTokens *= 2
  }
  throw new Fault('model_invalid_answer', `no usable answer in ${mostAnswers}: ${problem}`)
}

function judge<T>(reply: Reply, request: ModelRequest<T>): ParsedAnswer<T> {
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

function send(
  client: OpenAI,
  request: ModelRequest<unknown>,
  { messages, maxTokens }: { messages: ChatCompletionMessageParam[]; maxTokens: number | undefined },
  { clock, model, random = Math.random, requestTimeoutMs, retries = defaultRetries }: OpenAIModelOptions,
  tally: Tally,
  signal: AbortSignal,
): Promise<Reply> {
  const body = {
    model,
    messages,
    response_format: responseFormat(request.schema, request.schemaName),
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
  }
  const attempt = async (): Promise<Reply> => {
    signal.throwIfAborted()
    using limit = requestLimit(signal, requestTimeoutMs, clock)
    tally.sent()
    try {
      const reply = readReply(await client.chat.completions.create(body, { signal: limit.signal }))
      tally.received(reply)
      return reply
    } catch (error) {
      throw limit.fault() ?? error
    }
  }
  return retrying(attempt, { clock, random, policy: retries, deadline: request.call.deadline, signal })
}
