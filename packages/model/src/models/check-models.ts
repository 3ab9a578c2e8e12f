/** What `models.yaml` must hold beyond the shape of each entry. */
import type { Problem } from './read-yaml.ts'
import type { EndpointEntry, ModelsFile, RouteEntry } from './models-file.ts'

/** Variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

export function checkModels(file: ModelsFile, env: Env): Problem[] {
  const targets = Object.entries(file.endpoints).flatMap(([at, { models }]) =>
    Object.keys(models).map((model) => `${at}/${model}`),
  )
  return [
    ...Object.entries(file.endpoints).flatMap(([at, entry]) => checkEndpoint(at, entry, env)),
    ...file.routes.flatMap((route, index) => checkUses(route, index, targets)),
    ...file.routes.flatMap((route, index) => checkOrder(route, index, file.routes)),
  ]
}

function checkEndpoint(at: string, { baseUrl, baseUrlEnv, keyEnv }: EndpointEntry, env: Env): Problem[] {
  const path = `endpoints.${at}`
  const said = baseUrlEnv === undefined ? undefined : env[baseUrlEnv]
  const problems: Problem[] = []
  if (said === undefined && baseUrl === undefined) {
    const mend = baseUrlEnv === undefined ? 'Give baseUrl or baseUrlEnv.' : `Set ${baseUrlEnv}, or give baseUrl.`
    problems.push({ path, problem: 'has no base URL.', mend })
  }
  if (said !== undefined && !/^https?:$/.test(URL.parse(said)?.protocol ?? '')) {
    problems.push({
      path: `${path}.baseUrlEnv`,
      problem: `${baseUrlEnv} holds no http or https URL.`,
      mend: `Set ${baseUrlEnv} to one.`,
    })
  }
  if (keyEnv !== undefined && !env[keyEnv]) {
    problems.push({ path: `${path}.keyEnv`, problem: `${keyEnv} is not set.`, mend: `Set ${keyEnv}, or leave keyEnv out.` })
  }
  return problems
}

function checkUses({ use, shadow }: RouteEntry, index: number, targets: readonly string[]): Problem[] {
  const named = use.map((target, place) => ({ path: `routes.${index}.use.${place}`, target }))
  if (shadow !== undefined) named.push({ path: `routes.${index}.shadow.use`, target: shadow.use })
  const unknown = named
    .filter(({ target }) => !targets.includes(target))
    .map(({ path, target }) => ({
      path,
      problem: `there is no model ${JSON.stringify(target)}.`,
      mend: `Name one of ${targets.join(', ') || 'those under endpoints, of which there is none'}.`,
    }))
  const twice = named.filter(({ target }, place) => place < use.length && use.indexOf(target) < place)
  const mend = 'Name each model once.'
  return [...unknown, ...twice.map(({ path, target }) => ({ path, problem: `${target} stands twice.`, mend }))]
}

/** Each call meets a route, and each route can be met. */
function checkOrder({ name, when }: RouteEntry, index: number, routes: readonly RouteEntry[]): Problem[] {
  const path = `routes.${index}`
  const last = index === routes.length - 1
  const problems: Problem[] = []
  if (routes.findIndex((other) => other.name === name) < index) {
    problems.push({ path: `${path}.name`, problem: `${name} is the name of another route.`, mend: 'Give it a name of its own.' })
  }
  if (last && when !== undefined) {
    problems.push({ path, problem: 'a call may meet no route.', mend: 'Let the last route have no "when".' })
  }
  if (!last && when === undefined) {
    problems.push({ path, problem: 'the routes after it are never taken.', mend: 'Give it a "when", or put it last.' })
  }
  return problems
}
