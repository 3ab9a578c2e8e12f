/** A model that answers at once, by rules and in this process: what is left is the time of everything around it. */
import { Fault } from '@concord/contracts'
import type { CallContext, Model, ModelCallRecord, ModelRequest, Prompt } from '@concord/model'

interface Label {
  id: string
  examples: readonly string[]
}

interface Statement {
  id: string
  statement: string
}

interface Passage {
  id: string
  text: string
}

type Rule = (input: Readonly<Record<string, unknown>>) => unknown

/** Answers to the three prompts of a domain, from the sections that each is given. As in any adapter, the schema checks the answer. */
export function createZeroModel(): Model {
  const rules: Readonly<Record<string, Rule>> = { triage: createClassifier(), knowledge: firstPassage, response: saidOver }
  return {
    async ask<T>({ prompt, input, schema, call, signal }: ModelRequest<T>) {
      signal.throwIfAborted()
      const rule = rules[prompt.name]
      if (rule === undefined) throw new Fault('internal', `the zero-latency model has no rule for the prompt ${prompt.name}.`)
      return { value: schema.parse(rule(input)), record: recordOf(prompt, call) }
    },
  }
}

/** The intent of which an example shares most words with the message; each message is looked up once. */
function createClassifier(): Rule {
  const known = new Map<string, string>()
  return ({ labels, message }) => {
    const text = String(message)
    const intent = known.get(text) ?? closest(labels as readonly Label[], text)
    known.set(text, intent)
    return { intent, language: 'en', urgency: 'normal', flags: [], confidence: 0.95 }
  }
}

function closest(labels: readonly Label[], message: string): string {
  const words = wordsOf(message)
  const likeness = (example: string): number => {
    const theirs = wordsOf(example)
    return [...theirs].filter((word) => words.has(word)).length / (theirs.size + words.size)
  }
  const best = (label: Label): number => Math.max(0, ...label.examples.map(likeness))
  const [first] = labels.toSorted((a, b) => best(b) - best(a))
  return first?.id ?? 'none'
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/\p{L}+/gu))

const firstPassage: Rule = ({ passages }) => {
  const [first] = passages as readonly Passage[]
  const quote = /^.*?[.!?](?=\s|$)/s.exec(first?.text ?? '')?.[0] ?? first?.text ?? ''
  return { selected: first === undefined ? [] : [{ passage: first.id, quote }], confidence: 0.95 }
}

/** Every statement in its own words, each cited. */
const saidOver: Rule = (input) => {
  const section = (name: string): readonly Statement[] => (input[name] ?? []) as readonly Statement[]
  const cited = [...section('reasons'), ...section('claims')]
  const said = [...cited, ...section('actions'), ...section('obligations'), ...section('missing')]
  return {
    text: said.map(({ statement }) => statement).join(' '),
    citations: cited.map(({ id, statement }) => ({ claim: id, quote: statement })),
    commitments: [],
    obligationsMet: section('obligations').map(({ id }) => id),
    confidence: 0.95,
  }
}

function recordOf(prompt: Prompt, { callId, agent }: CallContext): ModelCallRecord {
  return {
    callId,
    agent,
    promptName: prompt.name,
    promptVersion: prompt.version,
    promptHash: prompt.hash,
    provider: 'in-process',
    model: 'zero-latency',
    attempts: 1,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    costMicros: null,
    latencyMs: 0,
    outcome: 'ok',
    error: null,
    startedAt: Date.now(),
  }
}
