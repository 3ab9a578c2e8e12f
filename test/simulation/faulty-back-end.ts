/** The domain's back end as one replica sees it: the real client of the tools, over a transport that leads to the records in this process. */
import { createHttpTools, type ReadTools, type WriteTools } from '@concord/domain'
import type { InProcessBackend } from '@concord/shop/backend/in-process'
import { connectionLost } from './absence.ts'
import { orAborted } from './faulty-model.ts'
import type { Life } from './life.ts'
import type { Stage } from './stage.ts'

const baseUrl = 'http://back-end.invalid'

export function toolsOf(life: Life, stage: Stage, backEnd: InProcessBackend): ReadTools & WriteTools {
  return createHttpTools({
    baseUrl,
    tools: stage.fixtures.domain.tools.values(),
    clock: life.clock,
    async fetch(url, init) {
      const method = init.method ?? 'GET'
      const call = method === 'GET' ? 'look' : 'write'
      const ask = async (): Promise<Response> => {
        if (stage.isAway('back-end')) throw connectionLost()
        return answer(life, stage, backEnd, method, url.slice(baseUrl.length), init)
      }
      return orAborted(init.signal ?? null, life.call(`back-end.${call}`, ask, connectionLost))
    },
  })
}

function answer(
  life: Life,
  { evidence, history }: Stage,
  backEnd: InProcessBackend,
  method: string,
  path: string,
  init: RequestInit,
): Response {
  const headers = (init.headers ?? {}) as Record<string, string>
  const key = headers['idempotency-key']
  const known = key === undefined ? undefined : backEnd.operation(key)
  const { status, body, version } = backEnd.ask(method, path, headers, (init.body as string | null | undefined) ?? null)
  if (method !== 'GET') {
    const changed = key !== undefined && known === undefined && backEnd.operation(key) !== undefined
    const seq = history.note(life.clientId, `${method} ${path} ${key}: ${status}${changed ? ', done' : ''}`)
    const ifMatch = headers['if-match']?.replaceAll('"', '') ?? null
    evidence.writes.push({ seq, service: life.service, key: decodeURI(key ?? ''), path, ifMatch, status, changed })
  }
  const etag: Record<string, string> = version === undefined ? {} : { etag: `"${version}"` }
  return new Response(JSON.stringify(body), { status, headers: etag })
}
