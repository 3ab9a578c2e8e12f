/** The pieces of a pipeline, for the tests of single steps. */
import { requests, triaged, type Fault } from '@concord/contracts'
import { anEnvelope, aTriage } from '@concord/contracts/testing'
import type { InRecord, OutRecord, Settled } from '@concord/messaging'
import { silentLogger } from '@concord/telemetry'
import type { Dependencies } from '../dependencies.ts'
import type { Deps } from '../deps.ts'
import { fullConfig, type Manifest, type Shell } from '../shell.ts'
import { createBench, type Bench } from '../testing.ts'
import type { Work } from '../work.ts'

export const manifest: Manifest = { name: 'agent', version: '1.0.0', consumes: [requests, triaged], produces: [triaged] }

export interface Pieces {
  bench: Bench
  shell: Shell
  /** What was sent through the shell. */
  sent: OutRecord[]
  /** Faults of which the dependencies were told. */
  reported: Fault[]
}

/** A shell over memory whose sender keeps what it is given. */
export async function pieces(overrides: Partial<Deps> = {}): Promise<Pieces> {
  const bench = await createBench({ manifest, overrides })
  const sent: OutRecord[] = []
  const reported: Fault[] = []
  const dependencies: Dependencies = {
    report(fault) {
      reported.push(fault)
      return ['store_unavailable', 'broker_unavailable', 'registry_unavailable'].includes(fault.code)
    },
    missing: () => [],
    available: async () => {},
  }
  const sender = { send: async (records: readonly OutRecord[]) => void sent.push(...records), close: async () => {} }
  const shell = {
    manifest,
    group: 'agent',
    deps: bench.deps,
    config: fullConfig('agent', {}),
    sender,
    dependencies,
    log: silentLogger,
  }
  return { bench, shell, sent, reported }
}

export function aRecord(overrides: Partial<InRecord> = {}): InRecord {
  const at = { topic: triaged.name, partition: 1, offset: 7, timestamp: Date.UTC(2026, 0, 1) }
  return { ...at, key: Buffer.from('acme:req-1'), value: Buffer.from('bytes'), headers: {}, ...overrides }
}

/** Work on a triage, past `decode` unless told otherwise. */
export function aWork(overrides: Partial<Work> = {}): Work {
  const value = aTriage()
  const now = Date.UTC(2026, 0, 1)
  return {
    record: aRecord(),
    attempt: 1,
    firstSeenAt: now,
    assertOwned: () => undefined,
    signal: new AbortController().signal,
    log: silentLogger,
    message: { topic: triaged, value, envelope: anEnvelope(), id: value.envelope.messageId, hash: 'h' },
    span: null,
    deadline: now + 30_000,
    calls: [],
    remembered: false,
    outgoing: null,
    ...overrides,
  }
}

export function outRecord(value = 'out'): OutRecord {
  return { topic: triaged.name, key: 'acme:req-1', value: Buffer.from(value), headers: { ce_id: value } }
}

/** A `next` that notes that it was called. */
export function aNext(settled: Settled = { kind: 'done' }): { next: () => Promise<Settled>; calls: () => number } {
  let calls = 0
  return {
    async next() {
      calls++
      return settled
    },
    calls: () => calls,
  }
}
