/** The chat-completions protocol: requests read, answers written. */
import { answer } from './answer.ts'
import { compose, type Lie } from './compose.ts'
import type { FaultRule } from './faults.ts'
import { readPrompt, type ChatMessage, type Prompt } from './prompt.ts'
import type { Json } from './schema.ts'
import { isRecord } from './sections.ts'

/** What every response calls the model, whatever was asked for. */
export const modelName = 'concord-simulator-1'

export interface ChatRequest {
  prompt: Prompt
  schema: Json | null
  schemaName: string | null
  maxTokens: number
}

/** The request, or what is wrong with it. */
export function readChatRequest(body: unknown): ChatRequest | string {
  if (!isRecord(body)) return 'the body must be a JSON object'
  if (body['stream'] === true) return 'streaming is not supported by this simulator'
  if (!Array.isArray(body['messages']) || body['messages'].length === 0) return 'messages must be a non-empty array'
  const messages = body['messages'].map(readMessage)
  if (messages.some((message) => message === null)) return 'each message needs a role and a content of text'
  const format = isRecord(body['response_format']) ? body['response_format'] : {}
  const wrapper = isRecord(format['json_schema']) ? format['json_schema'] : {}
  if (format['type'] === 'json_schema' && !isRecord(wrapper['schema']))
    return 'response_format.json_schema.schema must be an object'
  const limit = body['max_completion_tokens'] ?? body['max_tokens']
  return {
    prompt: readPrompt(messages as ChatMessage[]),
    schema: isRecord(wrapper['schema']) ? wrapper['schema'] : format['type'] === 'json_object' ? {} : null,
    schemaName: typeof wrapper['name'] === 'string' ? wrapper['name'] : null,
    maxTokens: typeof limit === 'number' ? limit : Infinity,
  }
}

function readMessage(message: unknown): ChatMessage | null {
  if (!isRecord(message) || typeof message['role'] !== 'string') return null
  const { role, content } = message
  if (typeof content === 'string') return { role, content }
  if (content === null && role === 'assistant') return { role, content: '' }
  if (!Array.isArray(content)) return null
  const parts = content.map((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
  return { role, content: parts.join('\n') }
}

interface Content {
  text: string | null
  refusal: string | null
  finish: 'stop' | 'length'
}

export interface CompletionOptions {
  id: string
  /** Seconds since the epoch. */
  created: number
  seed: number
  fault: FaultRule | null
}

/** The response's body. It depends on nothing but what is given. */
export function completion(request: ChatRequest, { id, created, seed, fault }: CompletionOptions): Json {
  const content = limited(spoiled(contentOf(request, seed, fault), fault), request.maxTokens)
  const inputTokens = tokens(request.prompt.text)
  const outputTokens = tokens(content.text ?? content.refusal ?? '')
  return {
    id,
    object: 'chat.completion',
    created,
    model: modelName,
    choices: fault?.kind === 'empty' ? [] : [choice(content)],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      prompt_tokens_details: { cached_tokens: 0 },
    },
  }
}

function choice({ text, refusal, finish }: Content): Json {
  return { index: 0, message: { role: 'assistant', content: text, refusal }, finish_reason: finish, logprobs: null }
}

function contentOf({ prompt, schema }: ChatRequest, seed: number, fault: FaultRule | null): string {
  const lie: Lie | null = fault?.kind === 'overpromise' || fault?.kind === 'overstate' ? fault.kind : null
  if (schema === null) return compose(prompt, seed, lie).text
  const value = answer(prompt, schema, { seed, lie })
  return JSON.stringify(fault?.kind === 'wrong_type' ? retyped(value) : value)
}

function spoiled(text: string, fault: FaultRule | null): Content {
  const told = (content: string): Content => ({ text: content, refusal: null, finish: 'stop' })
  switch (fault?.kind) {
    case 'malformed':
      return told(`Certainly. ${text.slice(0, Math.floor(text.length / 2))}`)
    case 'prose':
      return told(`Here is the answer you asked for:\n\`\`\`json\n${text}\n\`\`\`\nTell me if anything else is needed.`)
    case 'truncated':
      return { ...told(text.slice(0, Math.floor(text.length / 2))), finish: 'length' }
    case 'refusal':
      return { text: null, refusal: 'I cannot help with that.', finish: 'stop' }
    default:
      return told(text)
  }
}

/** About four characters a token. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}

function limited(content: Content, maxTokens: number): Content {
  if (content.text === null || tokens(content.text) <= maxTokens) return content
  return { ...content, text: content.text.slice(0, maxTokens * 4), finish: 'length' }
}

/** The same keys with values of other types. */
function retyped(value: unknown): unknown {
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, swapped(member)]))
  return swapped(value)
}

function swapped(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return 7
    case 'number':
      return 'seven'
    case 'boolean':
      return 'perhaps'
    default:
      return value === null ? [] : 'several'
  }
}
