/** From a checked `models.yaml` to the routes that calls take. */
import type { Clock } from '@concord/contracts'
import { createChatEndpoint } from '../endpoint/chat-endpoint.ts'
import type { Route, RouteQuery, Routes, Target } from '../gateway/routes.ts'
import type { Env } from './check-models.ts'
import type { EndpointEntry, ModelEntry, ModelsFile, RouteEntry } from './models-file.ts'

export interface BuildOptions {
  env: Env
  clock: Clock
  /** Instead of the platform's. */
  fetch?: typeof globalThis.fetch
}

export function buildRoutes(file: ModelsFile, options: BuildOptions): Routes {
  const targets = new Map(
    Object.entries(file.endpoints)
      .flatMap(([at, entry]) => targetsAt(at, entry, options))
      .map((target) => [target.id, target]),
  )
  const routes = file.routes.map((entry) => ({ entry, route: routeOf(entry, targets) }))
  const last = routes.at(-1)!.route
  return { pick: (query) => routes.find(({ entry }) => meets(query, entry))?.route ?? last }
}

/** Where each endpoint answers. */
export function baseUrls(file: ModelsFile, env: Env): string[] {
  return Object.values(file.endpoints).map((entry) => urlOf(entry, env))
}

function targetsAt(at: string, entry: EndpointEntry, { env, clock, fetch }: BuildOptions): Target[] {
  const { connectTimeoutMs, requestTimeoutMs, provider = at } = entry
  const endpoint = createChatEndpoint({
    baseURL: urlOf(entry, env),
    // The client asks for a key even where the endpoint does not.
    apiKey: (entry.keyEnv === undefined ? undefined : env[entry.keyEnv]) ?? 'none',
    clock,
    connectTimeoutMs,
    lastResortMs: requestTimeoutMs * 2,
    ...(fetch === undefined ? {} : { fetch }),
  })
  const shared = { at, provider, endpoint, requestTimeoutMs }
  return Object.entries(entry.models).map(([model, one]) => ({ ...shared, id: `${at}/${model}`, model, ...limitsOf(one) }))
}

function limitsOf({ contextWindow, maxOutputTokens, capabilities, atOnce, waiting }: ModelEntry) {
  return {
    structured: capabilities.includes('json_schema'),
    contextWindow,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(atOnce === undefined ? {} : { atOnce: { most: atOnce, waiting } }),
  }
}

function urlOf({ baseUrl, baseUrlEnv }: EndpointEntry, env: Env): string {
  return (baseUrlEnv === undefined ? undefined : env[baseUrlEnv]) ?? baseUrl!
}

function routeOf({ name, use, shadow }: RouteEntry, targets: ReadonlyMap<string, Target>): Route {
  const [first, ...others] = use.map((id) => targets.get(id)!)
  return {
    name,
    targets: [first!, ...others],
    shadow: shadow === undefined ? null : { target: targets.get(shadow.use)!, share: shadow.share },
  }
}

function meets({ prompt, priority, level }: RouteQuery, { when = {} }: RouteEntry): boolean {
  return (
    (when.prompt?.includes(prompt) ?? true) &&
    (when.priority?.some((one) => one === priority) ?? true) &&
    (when.level?.includes(level) ?? true)
  )
}
