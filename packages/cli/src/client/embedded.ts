/** The client of a constellation that `up --embedded` runs in another process of this machine. */
import { Fault } from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'
import { readDiscovery, type Discovery } from './discovery.ts'
import type { Client, DecisionResult, WaitingCase } from './client.ts'
import type { DeadLetter } from '../dlq/dead-letter.ts'
import type { ReplayResult } from '../dlq/desk.ts'
import type { LetterPage } from '../dlq/page.ts'
import type { CaseStanding } from '../dlq/standing.ts'
import type { LagReport } from '../lag/report.ts'
import type { RebuildRow } from '../rebuild/rebuild.ts'

/** @returns null when none runs. */
export async function openEmbedded(): Promise<Client | null> {
  const discovery = await readDiscovery()
  return discovery === null ? null : createEmbeddedClient(discovery)
}

export function createEmbeddedClient({ url, token }: Pick<Discovery, 'url' | 'token'>): Client {
  const ended = new AbortController()
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> => {
    const request = {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    const response = await fetch(`${url}${path}`, { ...request, signal: ended.signal })
    if (!response.ok) throw await faultOf(response)
    return response
  }
  const get = async <T>(path: string): Promise<T> => (await (await call('GET', path)).json()) as T
  const post = async <T>(path: string, body: unknown): Promise<T> => (await (await call('POST', path, body)).json()) as T
  return {
    name: `the embedded constellation at ${url}`,
    send: async (request) => void (await call('POST', '/requests', request)),
    async watchReplies(onEntry, onEnd) {
      const { body } = await call('GET', '/replies')
      if (body === null) throw new Fault('internal', 'the stream of replies has no body.')
      const gone = () => {
        if (!ended.signal.aborted) onEnd?.(new Fault('broker_unavailable', 'the embedded constellation has ended.'))
      }
      void follow(body, onEntry).then(gone, gone)
    },
    entriesOf: (requestId) => get<LogEntry[]>(`/entries/${encodeURIComponent(requestId)}`),
    waiting: () => get<WaitingCase[]>('/queue'),
    decide: (verdict) => post<DecisionResult>('/decisions', verdict),
    lag: () => get<LagReport>('/lag'),
    rebuild: (wish) => post<RebuildRow[]>('/rebuilds', wish),
    deadLetters: () => get<DeadLetter[]>('/letters'),
    deadLetter: (id, reveal) => get<LetterPage>(`/${reveal ? 'revealed' : 'letter'}/${encodeURIComponent(id)}`),
    standings: (owners) => post<CaseStanding[]>('/standings', owners),
    replay: (wish) => post<ReplayResult>('/replays', wish),
    discard: async (wish) => void (await post('/discards', wish)),
    async [Symbol.asyncDispose]() {
      ended.abort()
    },
  }
}

/** A stream of JSON lines. */
async function follow(body: ReadableStream<Uint8Array>, onEntry: (entry: LogEntry) => void): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') onEntry(JSON.parse(line) as LogEntry)
  }
}

async function faultOf(response: Response): Promise<Fault> {
  const { code, message } = (await response.json()) as { code: Fault['code']; message: string }
  return new Fault(code, message.replace(`${code}: `, ''))
}
