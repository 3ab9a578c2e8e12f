/** Invariant 2: nothing unchecked leaves, also when the model lies. */
import { runDemo, sampleErrands, type LogEntry } from '@concord/cli'
import type { Action, Brief, Policy, Reply } from '@concord/contracts'
import { startConstellation, type Constellation } from '@concord/dev-env'
import type { FaultKind } from '@concord/simulator'
import { expect, onTestFinished, test } from 'vitest'
import { shopFolder, tenantId } from './world.ts'

const numbers = (text: string): string[] => text.match(/\d+/g) ?? []

/** Runs all samples with a model that tells this lie as often as it can, or `times` times. */
async function lie(kind: FaultKind, times: number | 'always') {
  const constellation = await startConstellation({ domainFolder: shopFolder, run: { ratePerSecond: 1_000 } })
  onTestFinished(() => constellation.stop())
  constellation.simulator?.setFaults([{ kind, times }])
  const errands = sampleErrands(constellation.domain, tenantId)
  const run = await runDemo({ constellation, errands, concurrency: 48, onResult: () => undefined })
  const lies = constellation.simulator?.calls().filter(({ fault }) => fault === kind).length ?? 0
  return { constellation, run, lies, errands }
}

const of = <T>(entries: readonly LogEntry[], noun: string): T[] =>
  entries.filter((entry) => entry.noun === noun).map(({ value }) => value as unknown as T)

/** What agents released, with all that its case allowed them to say. */
function released(
  constellation: Constellation,
  entries: readonly LogEntry[],
): { reply: Reply; grounds: string; forbidden: string[] }[] {
  const { wording } = constellation.domain
  return of<Reply>(entries, 'replies')
    .filter(({ decidedBy, text }) => decidedBy === 'agents' && text !== null)
    .map((reply) => {
      const own = entries.filter(({ requestId }) => requestId === reply.envelope.requestId)
      const brief = of<Brief>(own, 'briefs').at(-1)
      const verdicts = [...(brief?.permitted ?? []), ...(brief?.forbidden ?? [])]
      const said = [
        ...(brief?.claims ?? []).map((claim) => wording.describe(claim)),
        ...verdicts.flatMap(({ reason, subject, obligations }) => [reason, subject, ...obligations.map(({ text }) => text)]),
        ...(brief?.permitted ?? []).map((verdict) => wording.promise(verdict)),
      ]
      const forbidden = (brief?.forbidden ?? []).map((verdict) => wording.promise(verdict))
      return { reply, grounds: said.join('\n'), forbidden }
    })
}

for (const kind of ['overpromise', 'overstate'] as const) {
  for (const times of [12, 'always'] as const) {
    test(`a model that lies (${kind}, ${times}) gets no amount and no promise past the checks`, async () => {
      const { constellation, run, lies, errands } = await lie(kind, times)
      expect(lies).toBeGreaterThan(10)
      expect(run.results.size).toBe(new Set(errands.map(({ request }) => request.requestId)).size)
      expect(run.contradicted).toEqual([])
      for (const { reply, grounds, forbidden } of released(constellation, run.entries)) {
        expect(forbidden.filter((promise) => reply.text?.includes(promise))).toEqual([])
        const allowed = new Set(numbers(grounds))
        expect(
          numbers(reply.text ?? '').filter((number) => !allowed.has(number)),
          reply.envelope.requestId,
        ).toEqual([])
      }
      const verdicts = of<Policy>(run.entries, 'policy').flatMap((policy) =>
        policy.verdicts.map((verdict) => ({ ...verdict, requestId: policy.envelope.requestId })),
      )
      for (const action of of<Action>(run.entries, 'actions')) {
        const ruled = verdicts.filter(
          (verdict) => verdict.requestId === action.envelope.requestId && verdict.action === action.action,
        )
        expect(ruled.map(({ effect }) => effect)).toContain('permit')
      }
      const stopped = run.entries.filter(
        ({ noun, value }) =>
          noun === 'case-events' && value['event'] === 'checked' && value['reason'] !== 'The draft passes every check.',
      )
      expect(stopped.length).toBeGreaterThan(0)
    }, 20_000)
  }
}
