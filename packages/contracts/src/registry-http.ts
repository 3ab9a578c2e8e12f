/** The few calls of the Confluent registry's HTTP API that the client library has no time-out, or no method, for. */
import { Fault } from './faults.ts'

export interface RegistryAddress {
  /** Without credentials, without a slash at its end. */
  url: string
  /** From the user part of the URL: `https://key:secret@registry`. */
  auth: { username: string; password: string } | null
}

export interface RegistryHttp {
  /** Resolves with any answer that the registry itself gave; rejects with `registry_unavailable` (retryable) for all else. */
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<RegistryAnswer>
}

export interface RegistryAnswer {
  status: number
  body: unknown
}

/** @throws Fault `invalid_config` for text that is no http address. */
export function registryAddress(text: string): RegistryAddress {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Fault('invalid_config', 'the address of the schema registry is no http URL.', { mend: 'Set SCHEMA_REGISTRY_URL.' })
  }
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = url.password = ''
  return { url: url.href.replace(/\/+$/, ''), auth: username === '' ? null : { username, password } }
}

export function registryUnavailable(address: RegistryAddress, what: string, cause?: unknown): Fault {
  return new Fault('registry_unavailable', `the schema registry at ${address.url} ${what}.`, {
    retryable: true,
    mend: 'Check that it runs and that SCHEMA_REGISTRY_URL names it.',
    cause,
  })
}

/** Whether the answer is the registry's own "there is no such thing", rather than a wrong path or a proxy's. */
export function isNotFound(answer: RegistryAnswer): boolean {
  return answer.status === 404 && typeof (answer.body as { error_code?: unknown } | null)?.error_code === 'number'
}

export function createRegistryHttp(address: RegistryAddress, timeoutMs: number): RegistryHttp {
  const headers: Record<string, string> = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  if (address.auth !== null) {
    headers.authorization = `Basic ${Buffer.from(`${address.auth.username}:${address.auth.password}`).toString('base64')}`
  }

  async function send(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs) }
    if (body !== undefined) init.body = JSON.stringify(body)
    try {
      const response = await fetch(address.url + path, init)
      return { status: response.status, text: await response.text() }
    } catch (error) {
      throw registryUnavailable(address, `does not answer within ${timeoutMs} ms`, error)
    }
  }

  return {
    async call(method, path, body) {
      const { status, text } = await send(method, path, body)
      const answer = { status, body: parse(text) }
      if (status < 300 || status === 409 || status === 422 || isNotFound(answer)) return answer
      throw registryUnavailable(address, `answers ${status} to ${method} ${path}`)
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
