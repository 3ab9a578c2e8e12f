/** Invariant 8: a case's history, which lies on a topic, gives back its stored state. */
import { runDemo, sampleErrands, type LogEntry } from '@concord/cli'
import { caseKey, type CaseEvent } from '@concord/contracts'
import { createCoordinator } from '@concord/coordinator'
import { startConstellation } from '@concord/dev-env'
import { caseStoreKey } from '@concord/runtime'
import { expect, onTestFinished, test } from 'vitest'
import { shopFolder, tenantId } from './world.ts'

type Coordinator = ReturnType<typeof createCoordinator>

function folded({ initial, evolve }: Coordinator, events: readonly CaseEvent[]): unknown {
  return events
    .map(({ data }) => JSON.parse(data) as Parameters<Coordinator['evolve']>[1])
    .reduce((state, event) => evolve(state, event), initial)
}

const historyOf = (entries: readonly LogEntry[], requestId: string): CaseEvent[] =>
  entries
    .filter((entry) => entry.noun === 'case-events' && entry.requestId === requestId)
    .map(({ value }) => value as unknown as CaseEvent)

test('the events of every case are numbered without gaps and fold back to its stored state', async () => {
  const constellation = await startConstellation({ domainFolder: shopFolder, run: { ratePerSecond: 1_000 } })
  onTestFinished(() => constellation.stop())
  constellation.simulator?.setFaults([{ kind: 'overstate', times: 10 }])
  const errands = sampleErrands(constellation.domain, tenantId)
  const { entries } = await runDemo({ constellation, errands, concurrency: 48, onResult: () => undefined })
  const coordinator = createCoordinator({ domain: constellation.domain })
  for (const { request } of errands) {
    const history = historyOf(entries, request.requestId)
    expect(history.map(({ caseVersion }) => caseVersion)).toEqual(history.map((_, index) => index + 1))
    const stored = await constellation.store.get(caseStoreKey('coordinator', caseKey(request)))
    const { state } = JSON.parse(stored?.value ?? 'null') as { state: unknown }
    expect(folded(coordinator, history), request.requestId).toEqual(state)
  }
}, 15_000)
