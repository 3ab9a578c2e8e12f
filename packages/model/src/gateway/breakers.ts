/** A breaker for each target: it stops calls to one that mostly fails, and lets a few through later to see. */
import type { Clock } from '@concord/contracts'
import { createFailureWindow, type FailureWindow } from './failure-window.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'

export interface BreakerPolicy {
  /** Opens at so many failures in `withinMs`, if they are at least `share` of the calls. */
  failures: number
  withinMs: number
  share: number
  /** How long it stays open. */
  openMs: number
  /** Calls at once while half-open, and successes that close it. */
  probes: number
}

export const defaultBreaker: BreakerPolicy = { failures: 10, withinMs: 60_000, share: 0.5, openMs: 30_000, probes: 3 }

export interface BreakerChange {
  target: string
  from: BreakerState
  to: BreakerState
  /** While open: when it lets the first call through, milliseconds since the epoch. */
  until: number | null
}

/** The right to make one call. Exactly one of the three is to be called; whatever is called later changes nothing. */
export interface Pass {
  succeeded(): void
  failed(): void
  /** The call says nothing about its target. */
  unknown(): void
}

export interface Breakers {
  /** @returns null while no call may be made. */
  enter(target: string): Pass | null
  state(target: string): BreakerState
  /** Takes over what another process found: open until then. Tells nobody. */
  hear(change: BreakerChange): void
}

type Held =
  | { kind: 'closed'; window: FailureWindow }
  | { kind: 'open'; until: number }
  | { kind: 'half-open'; underWay: number; succeeded: number }

export interface BreakersOptions {
  clock: Clock
  policy?: BreakerPolicy
  /** Told of every change that was found here: for events, and for other processes to hear. */
  onChange?: (change: BreakerChange) => void
}

export function createBreakers({ clock, policy = defaultBreaker, onChange = () => {} }: BreakersOptions): Breakers {
  const held = new Map<string, Held>()
  const closed = (): Held => ({ kind: 'closed', window: createFailureWindow(policy.withinMs) })

  const stateOf = (target: string): Held => {
    const state = held.get(target) ?? closed()
    held.set(target, state)
    return state
  }

  const change = (target: string, to: Held): void => {
    const from = stateOf(target).kind
    held.set(target, to)
    onChange({ target, from, to: to.kind, until: to.kind === 'open' ? to.until : null })
  }

  const open = (target: string): void => change(target, { kind: 'open', until: clock.now() + policy.openMs })

  function settle(target: string, state: Held, failed: boolean): void {
    if (state.kind === 'closed') {
      const { failures, calls } = state.window.add(clock.now(), failed)
      if (failed && failures >= policy.failures && failures >= policy.share * calls) open(target)
    } else if (state.kind === 'half-open') {
      if (failed) open(target)
      else if (++state.succeeded >= policy.probes) change(target, closed())
    }
  }

  function pass(target: string, state: Held): Pass {
    let used = false
    const use = (then: () => void) => () => {
      if (used) return
      used = true
      if (state.kind === 'half-open') state.underWay -= 1
      // What began before the last change says nothing about the time after it.
      if (held.get(target) === state) then()
    }
    return {
      succeeded: use(() => settle(target, state, false)),
      failed: use(() => settle(target, state, true)),
      unknown: use(() => {}),
    }
  }

  return {
    enter(target) {
      const before = stateOf(target)
      if (before.kind === 'open' && clock.now() < before.until) return null
      if (before.kind === 'open') change(target, { kind: 'half-open', underWay: 0, succeeded: 0 })
      const state = stateOf(target)
      if (state.kind === 'half-open') {
        if (state.underWay + state.succeeded >= policy.probes) return null
        state.underWay += 1
      }
      return pass(target, state)
    },
    state: (target) => stateOf(target).kind,
    hear({ target, to, until }) {
      const own = stateOf(target)
      if (to !== 'open' || until === null || until <= clock.now()) return
      if (own.kind === 'open' && own.until >= until) return
      held.set(target, { kind: 'open', until })
    },
  }
}
