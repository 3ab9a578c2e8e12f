/** Invariant 6: one trace from the producer to the reply. */
import { requests } from '@concord/contracts'
import { caseOf, enveloped, on, placeOf, traceIdOfRecord, type Check } from './facts.ts'

export const oneTrace: Check = (facts) => {
  const traces = new Map<string, string>()
  for (const one of on(facts, requests)) traces.set(caseOf(one.value), traceIdOfRecord(one, one.value))
  return enveloped(facts)
    .filter((one) => {
      const expected = traces.get(caseOf(one.envelope))
      return expected !== undefined && traceIdOfRecord(one, one.envelope) !== expected
    })
    .map((one) => `${placeOf(one)} of ${one.envelope.requestId} is not in the trace of its request.`)
}
