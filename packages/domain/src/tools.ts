/** The back end through the domain's declared tools: nothing is called that is not declared, and reads and writes are apart. */
import { canonicalJson, contentHash, Fault, type ActionResult, type Clock, type ToolResult } from '@concord/contracts'
import type { Tool } from './format.ts'
import { createBackend, type BackendAnswer, type Fetch } from './tool-http.ts'
import { placeArgs, type CheckedTool, type ToolArgs } from './tool-args.ts'

export interface WriteResult extends Pick<ActionResult, 'message' | 'recordVersion'> {
  /** done · conflict: the record has another version now · refused: the back end says no. */
  status: 'done' | 'conflict' | 'refused'
}

/** What the back end remembers of a write. */
export interface Operation {
  /** The answer that the write got, as JSON. */
  result: unknown
}

export interface ReadTools {
  /**
   * Asks a read tool. Not found and denied are answers.
   * @throws Fault `tool_unavailable`, retryable, when the back end cannot answer; `tool_rejected` when it refuses the question.
   */
  read(toolId: string, args: ToolArgs, options: { signal: AbortSignal }): Promise<ToolResult>
}

export interface WriteTools {
  /**
   * Carries a write out, once for each key: a repeat gets the first answer again.
   * @throws Fault `tool_unavailable`, retryable: whether it was done is then unknown, and `operation` tells.
   */
  write(
    toolId: string,
    args: ToolArgs,
    options: { signal: AbortSignal; idempotencyKey: string; recordVersion: string | null },
  ): Promise<WriteResult>
  /** What the back end knows of a key; null when it never carried it out. */
  operation(key: string, options?: { signal?: AbortSignal }): Promise<Operation | null>
}

export interface HttpToolsOptions {
  baseUrl: string
  tools: Iterable<CheckedTool>
  clock: Pick<Clock, 'now' | 'after'>
  fetch?: Fetch
  /** Milliseconds that one call may take. */
  timeoutMs?: number
}

/** As much of a record as a ToolResult carries. */
const longestData = 32_000

export function createHttpTools({
  baseUrl,
  tools,
  clock,
  fetch = globalThis.fetch,
  timeoutMs = 5_000,
}: HttpToolsOptions): ReadTools & WriteTools {
  const declared = new Map([...tools].map((tool) => [tool.id, tool]))
  const backend = createBackend({ fetch, clock, timeoutMs })

  const toolFor = (id: string, effect: Tool['effect']): CheckedTool => {
    const tool = declared.get(id)
    if (tool?.effect === effect) return tool
    const mend = `Declare it in tools.yaml with effect: ${effect}.`
    throw new Fault('tool_rejected', `there is no ${effect} tool '${id}'.`, { mend })
  }
  return {
    async read(toolId, args, { signal }) {
      const tool = toolFor(toolId, 'read')
      tool.check(args)
      const { url, body } = placeArgs(tool, args, baseUrl)
      const answer = await backend({ tool: toolId, method: tool.method, url, body, headers: {}, signal })
      return toToolResult(toolId, args, answer, clock.now())
    },
    async write(toolId, args, { signal, idempotencyKey, recordVersion }) {
      const tool = toolFor(toolId, 'write')
      tool.check(args)
      const headers = {
        'idempotency-key': idempotencyKey,
        ...(recordVersion === null ? {} : { 'if-match': `"${recordVersion}"` }),
      }
      const { url, body } = placeArgs(tool, args, baseUrl)
      return toWriteResult(toolId, await backend({ tool: toolId, method: tool.method, url, body, headers, signal }))
    },
    async operation(key, { signal } = {}) {
      const url = `${baseUrl.replace(/\/$/, '')}/operations/${encodeURIComponent(key)}`
      const answer = await backend({ tool: 'operations', method: 'GET', url, body: null, headers: {}, signal })
      if (answer.status === 404) return null
      if (answer.status !== 200) throw rejected('operations', answer.status)
      return { result: answer.json }
    },
  }
}

function toToolResult(tool: string, args: ToolArgs, answer: BackendAnswer, at: number): ToolResult {
  const shared = {
    id: `tool:${tool}:${contentHash([tool, args, answer.version, answer.text])}`,
    tool,
    args: canonicalJson(args),
    at,
  }
  switch (answer.status) {
    case 200:
      if (answer.text.length > longestData)
        throw new Fault('tool_rejected', `'${tool}' answered with more than ${longestData} characters.`)
      if (answer.json === undefined) throw new Fault('tool_unavailable', `'${tool}' answered with no JSON.`, { retryable: true })
      return { ...shared, status: 'found', data: answer.text, recordVersion: answer.version }
    case 404:
      return { ...shared, status: 'not_found', data: 'null', recordVersion: null }
    case 401:
    case 403:
      return { ...shared, status: 'denied', data: 'null', recordVersion: null }
    default:
      throw rejected(tool, answer.status)
  }
}

function toWriteResult(tool: string, { status, json, version }: BackendAnswer): WriteResult {
  const message = messageOf(json)
  if (status >= 200 && status < 300) return { status: 'done', message: message ?? 'done', recordVersion: version }
  if (status === 412) return { status: 'conflict', message: message ?? 'the record has changed', recordVersion: version }
  if (status >= 400 && status < 500)
    return { status: 'refused', message: message ?? `refused (${status})`, recordVersion: version }
  throw rejected(tool, status)
}

function messageOf(json: unknown): string | null {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : null
  return typeof message === 'string' ? message.slice(0, 1_000) : null
}

function rejected(tool: string, status: number): Fault {
  return new Fault('tool_rejected', `the back end answered '${tool}' with ${status}.`, {
    mend: 'Compare tools.yaml with the back end.',
  })
}
