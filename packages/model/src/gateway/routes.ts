/** Where a call may go. */
import type { Endpoint } from '../endpoint/endpoint.ts'

/** One model at one endpoint. */
export interface Target {
  /** `endpoint/model`: breakers, bulkheads and reasons go by it. */
  readonly id: string
  /** Name of the endpoint. */
  readonly at: string
  /** For the record: the endpoint's host or name. */
  readonly provider: string
  /** As the endpoint names it. */
  readonly model: string
  readonly endpoint: Endpoint
  /** Milliseconds for one request. */
  readonly requestTimeoutMs: number
  /** Whether the endpoint takes a JSON schema; where not, the model is told of it in words. */
  readonly structured: boolean
  /** Tokens of prompt and answer together; unknown where it is left out. */
  readonly contextWindow?: number
  readonly maxOutputTokens?: number
  /** Requests at once from this process, and how many more may wait for that; no bound where it is left out. */
  readonly atOnce?: { readonly most: number; readonly waiting: number }
}

/** The targets of a call, wanted ones first. */
export interface Route {
  readonly name: string | null
  readonly targets: readonly [Target, ...Target[]]
  /** A share of the calls, 0 to 1, is made to this target as well, to compare. */
  readonly shadow: { readonly target: Target; readonly share: number } | null
}

/** What a route may depend on. */
export interface RouteQuery {
  readonly prompt: string
  readonly priority: string
  readonly level: number
}

export interface Routes {
  /** The route for a call now. Total: there is always one. */
  pick(query: RouteQuery): Route
}

/** Every call to one target. */
export function onlyRoute(target: Target): Routes {
  const route: Route = { name: null, targets: [target], shadow: null }
  return { pick: () => route }
}
