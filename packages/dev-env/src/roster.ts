/** Every service of the constellation, and how each is made. */
import { createCoordinator } from '@concord/coordinator'
import type { Domain, ReadTools, WriteTools } from '@concord/domain'
import { createExecutor } from '@concord/executor'
import { createKnowledge } from '@concord/knowledge'
import { createPolicy } from '@concord/policy'
import { createResponse } from '@concord/response'
import { runAgent, runProcess, type Deps, type RunConfig, type Running } from '@concord/runtime'
import { createTriage } from '@concord/triage'

/** What services are made of beside the ports. */
export interface Materials {
  domain: Domain
  tools: ReadTools & WriteTools
}

/** A service, ready to run: its group reads these topics. */
export interface Service {
  name: ServiceName
  consumes: readonly { name: string }[]
  run(deps: Deps, config: RunConfig): Running
}

export const serviceNames = ['triage', 'knowledge', 'policy', 'coordinator', 'response', 'executor'] as const
export type ServiceName = (typeof serviceNames)[number]

/** How long the executor remembers what it did, in milliseconds: as long as the runtime keeps results. */
const horizonMs = 24 * 3_600_000

/** @returns the services in the order of the flow. */
export function roster(materials: Materials): Service[] {
  const agents = [createTriage(materials), createKnowledge(materials), createPolicy(materials)] as const
  const coordinator = createCoordinator(materials)
  const writers = [createResponse(materials), createExecutor({ ...materials, horizonMs })] as const
  return [
    ...agents.map((agent) => ({ name: agent.name as ServiceName, consumes: agent.consumes, run: starter(agent) })),
    { name: 'coordinator', consumes: coordinator.consumes, run: (deps, config) => runProcess(coordinator, deps, config) },
    ...writers.map((agent) => ({ name: agent.name as ServiceName, consumes: agent.consumes, run: starter(agent) })),
  ]
}

const starter = (agent: Parameters<typeof runAgent>[0]) => (deps: Deps, config: RunConfig) => runAgent(agent, deps, config)
