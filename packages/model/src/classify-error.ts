/** Every error of the client as one Fault. Messages hold statuses and codes only: bodies may quote the prompt or the key. */
import { Fault } from '@concord/contracts'
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'

export interface ClassifiedError {
  fault: Fault
  /** Milliseconds that the endpoint asks to wait. */
  retryAfterMs: number | undefined
}

export function classifyError(error: unknown, now: number): ClassifiedError {
  if (error instanceof Fault) return { fault: error, retryAfterMs: undefined }
  if (error instanceof APIConnectionTimeoutError) return unavailable('the endpoint did not answer in time')
  if (error instanceof APIConnectionError) return unavailable('the endpoint cannot be reached')
  if (error instanceof APIError && typeof error.status === 'number') {
    return {
      fault: ofStatus(error.status, safeCode(error.code ?? error.type)),
      retryAfterMs: retryAfterMs(error.headers as Headers | undefined, now),
    }
  }
  return unavailable(`the endpoint's answer cannot be read (${error instanceof Error ? error.name : typeof error})`)
}

function unavailable(message: string): ClassifiedError {
  return { fault: new Fault('model_unavailable', message, { retryable: true }), retryAfterMs: undefined }
}

function ofStatus(status: number, code: string): Fault {
  const said = `the endpoint answered ${status}${code}`
  if (status === 429 && /quota|billing/.test(code)) {
    return new Fault('model_rate_limited', `${said}.`, { mend: "Raise the account's quota or budget." })
  }
  if (status === 429) return new Fault('model_rate_limited', said, { retryable: true })
  if (status === 408 || status === 409 || status >= 500) return new Fault('model_unavailable', said, { retryable: true })
  if (status === 401 || status === 403)
    return new Fault('model_rejected_request', `${said}.`, { mend: 'Check OPENAI_API_KEY and what it may use.' })
  if (status === 404) return new Fault('model_rejected_request', `${said}.`, { mend: 'Check OPENAI_BASE_URL and CONCORD_MODEL.' })
  return new Fault('model_rejected_request', said)
}

function safeCode(code: unknown): string {
  return typeof code === 'string' && /^[a-z][a-z_]{0,63}$/.test(code) ? ` ${code}` : ''
}

/** `retry-after-ms`, `x-ms-retry-after-ms`, then `retry-after` in seconds or as an HTTP date. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = nonNegative(headers?.get(name))
    if (ms !== undefined) return ms
  }
  const value = headers?.get('retry-after')
  if (value === null || value === undefined || value.trim() === '') return undefined
  const seconds = nonNegative(value)
  if (seconds !== undefined) return seconds * 1000
  const date = value.endsWith('GMT') ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function nonNegative(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}
