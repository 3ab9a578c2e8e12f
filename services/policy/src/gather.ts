/** Gathers the facts of each planned action with the domain's read tools: policy's only look at the outside world. */
import { canonicalJson, Fault, type Entity, type Rework, type ToolResult, type Triage } from '@concord/contracts'
import type { Domain, ReadTools, ToolArgs, Variables } from '@concord/domain'
import type { AgentContext } from '@concord/runtime'
import type { PlannedAction } from './plan.ts'

export interface GatheredAction extends PlannedAction {
  /** What the rules see: the request, and each fact under its name, null when it was not found. */
  variables: Variables
  /** Result of each fact that was looked up, by the fact's name. */
  results: ReadonlyMap<string, ToolResult>
}

export interface GatherContext {
  domain: Pick<Domain, 'entities' | 'expressions' | 'tools'>
  tools: ReadTools
  signal: AbortSignal
  log: Pick<AgentContext['log'], 'warn'>
  now: number
}

/** @throws Fault `tool_unavailable`, retryable, when the back end cannot answer: no rule speaks on half the facts. */
export async function gather(
  context: GatherContext,
  ask: Triage | Rework,
  planned: readonly PlannedAction[],
): Promise<GatheredAction[]> {
  const read = readOnce(context)
  return Promise.all(planned.map((action) => gatherOne(context, read, ask, action)))
}

async function gatherOne(
  context: GatherContext,
  read: ReadOnce,
  ask: Triage | Rework,
  planned: PlannedAction,
): Promise<GatheredAction> {
  const variables = requestVariables(context, ask, planned.subject)
  const results = new Map<string, ToolResult>()
  for (const fact of planned.action.facts) {
    const args = argumentsOf(context, planned, fact, variables)
    const result = args === null ? null : await read(fact.tool, args)
    if (result !== null) results.set(fact.name, result)
    variables[fact.name] = result?.status === 'found' ? JSON.parse(result.data) : null
  }
  return { ...planned, variables, results }
}

/** What expressions know before any tool was asked. */
export function requestVariables(
  { domain, now }: Pick<GatherContext, 'domain' | 'now'>,
  ask: Triage | Rework,
  subject: Entity | null,
): Variables {
  const { customerId, request } = ask.envelope
  const mentioned = domain.entities.kinds.map(
    (kind) => [kind, ask.entities.filter((entity) => entity.kind === kind).map(({ value }) => value)] as const,
  )
  return {
    now,
    request: {
      customerId,
      text: request.text,
      locale: request.locale,
      channel: request.channel,
      accessGroups: request.accessGroups,
      metadata: request.metadata,
      receivedAt: request.receivedAt,
    },
    subject,
    entities: Object.fromEntries(mentioned.map(([kind, values]) => [kind, values[0] ?? null])),
    mentioned: Object.fromEntries(mentioned),
    riskFlags: ask.riskFlags,
    amount: null,
  }
}

/** Null when an argument cannot be made, as of a record that an earlier fact did not find, or does not fit the tool. */
function argumentsOf(
  { domain, log }: GatherContext,
  { action }: PlannedAction,
  fact: PlannedAction['action']['facts'][number],
  variables: Variables,
): ToolArgs | null {
  try {
    const what = `action ${action.id}, fact ${fact.name}`
    const made = Object.entries(fact.args).map(([name, expression]) => [
      name,
      domain.expressions.evaluate(expression, variables, what),
    ])
    const args = Object.fromEntries(made) as ToolArgs
    domain.tools.get(fact.tool)?.check(args)
    return args
  } catch (error) {
    log.warn(
      { action: action.id, fact: fact.name, code: Fault.from(error).code },
      'a fact could not be asked for and counts as not found',
    )
    return null
  }
}

type ReadOnce = (tool: string, args: ToolArgs) => Promise<ToolResult>

/** The same tool with the same arguments is asked once for each message, so that all rules see one state of a record. */
function readOnce({ tools, signal }: GatherContext): ReadOnce {
  const asked = new Map<string, Promise<ToolResult>>()
  return (tool, args) => {
    const key = `${tool} ${canonicalJson(args)}`
    const answer = asked.get(key) ?? tools.read(tool, args, { signal })
    asked.set(key, answer)
    return answer
  }
}
