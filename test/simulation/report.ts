/** What many runs come to, in lines. */
import type { Run } from './run-seed.ts'
import type { FaultKind } from './stage.ts'

/** A run as a worker tells of it. */
export interface Told extends Pick<Run, 'seed' | 'violations' | 'requests' | 'lastedMs'> {
  faults: [FaultKind, number][]
}

export interface Totals {
  runs: number
  requests: number
  virtualMs: number
  /** Runs in which something was broken. */
  violated: number
  faults: Map<FaultKind, { times: number; runs: number }>
  firstSeeds: Map<string, number>
  add(told: Told): void
}

export function emptyTotals(): Totals {
  return {
    runs: 0,
    requests: 0,
    virtualMs: 0,
    violated: 0,
    faults: new Map(),
    firstSeeds: new Map(),
    add({ seed, violations, requests, lastedMs, faults }) {
      this.runs++
      this.requests += requests
      this.virtualMs += lastedMs
      if (violations.length > 0) this.violated++
      for (const { invariant } of violations)
        this.firstSeeds.set(invariant, Math.min(seed, this.firstSeeds.get(invariant) ?? Infinity))
      for (const [kind, times] of faults) {
        const before = this.faults.get(kind) ?? { times: 0, runs: 0 }
        this.faults.set(kind, { times: before.times + times, runs: before.runs + 1 })
      }
    },
  }
}

export function report(totals: Totals, seconds: number): string[] {
  const { runs, requests, virtualMs, violated, faults, firstSeeds } = totals
  const kinds = [...faults].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    '',
    `runs            ${runs} in ${seconds.toFixed(0)} s (${((1_000 * seconds) / Math.max(1, runs)).toFixed(0)} ms each)`,
    `virtual hours   ${(virtualMs / 3_600_000).toFixed(1)}`,
    `requests        ${requests}`,
    `faults injected ${kinds.reduce((sum, [, { times }]) => sum + times, 0)}`,
    ...kinds.map(([kind, { times, runs: met }]) => `  ${kind.padEnd(18)} ${String(times).padStart(7)}  in ${met} runs`),
    `violations      in ${violated} runs`,
    ...[...firstSeeds].map(([invariant, seed]) => `  ${invariant}: see it with make simulate SEED=${seed}`),
  ]
}
