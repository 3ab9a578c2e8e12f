/**
 * One life of a replica. Every call that it makes through a port, and every timer that it sets, goes through here: so it can die at any of
 * them, stand still, or not hear what became of one.
 */
import type { Clock } from '@concord/contracts'
import type { ServiceName } from '@concord/dev-env'
import type { VirtualClock } from '@concord/testing'
import type { Chance } from './chance.ts'
import type { CallFault } from './plan.ts'

export interface Life {
  readonly clientId: string
  readonly service: ServiceName
  /** Its timers fire only while it lives, and not while it stands still. */
  readonly clock: Clock
  readonly chance: Chance
  /**
   * A call with an effect beyond the process. Once it is on its way it happens, whether or not the caller lives to hear of it.
   * @param absent what the caller is told where the call was refused, or its answer was lost
   * @param partly what a refused call may have done all the same
   */
  call<T>(what: string, effect: () => Promise<T>, absent: () => Error, partly?: () => Promise<void>): Promise<T>
  /** Resolves when the replica can act: never, once it is dead. */
  awake(): Promise<void>
  isDead(): boolean
  isFrozen(): boolean
  die(): void
  /** Halts it for so long. @param onThaw called when it goes on. */
  freeze(ms: number, onThaw: () => void): void
}

export interface LifeOptions {
  clientId: string
  service: ServiceName
  clock: VirtualClock
  chance: Chance
  /** What goes wrong with a call, if anything. */
  draw(life: Life, what: string): CallFault | null
  onDeath(life: Life, why: string): void
}

/** What a dead process hears. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {})

const slowMs = [500, 12_000] as const

export function createLife({ clientId, service, clock, chance, draw, onDeath }: LifeOptions): Life {
  const state = { dead: false, frozenUntil: 0 }

  async function awake(): Promise<void> {
    while (!state.dead && state.frozenUntil > clock.now()) await clock.sleep(state.frozenUntil - clock.now())
    if (state.dead) await never()
  }

  /** Milliseconds; most calls take hardly any time. */
  const latency = (): number => (chance.happens(0.5) ? 0 : chance.happens(0.9) ? chance.whole(1, 4) : chance.whole(5, 60))

  const pass = async (ms: number): Promise<void> => {
    if (ms > 0) await clock.sleep(ms)
  }

  const life: Life = {
    clientId,
    service,
    chance,
    clock: clockOf(clock, state),
    awake,
    isDead: () => state.dead,
    isFrozen: () => state.frozenUntil > clock.now(),
    async call(what, effect, absent, partly = async () => {}) {
      await awake()
      const fault = draw(life, what)
      if (fault === 'crash-before-call') onDeath(life, `before ${what}`)
      if (state.dead) return never()
      await pass(latency() + (fault === 'call-slow' ? chance.whole(...slowMs) : 0))
      if (fault === 'call-refused') {
        await partly()
        await awake()
        throw absent()
      }
      const settled = await outcomeOf(effect)
      if (fault === 'crash-after-call' && !state.dead) onDeath(life, `after ${what}`)
      await pass(latency())
      await awake()
      if (fault === 'answer-lost') throw absent()
      if ('error' in settled) throw settled.error
      return settled.value
    },
    die: () => void (state.dead = true),
    freeze(ms, onThaw) {
      state.frozenUntil = Math.max(state.frozenUntil, clock.now() + ms)
      clock.after(ms, () => {
        if (!state.dead && state.frozenUntil <= clock.now()) onThaw()
      })
    },
  }
  return life
}

type Outcome<T> = { value: T } | { error: unknown }

async function outcomeOf<T>(effect: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await effect() }
  } catch (error) {
    return { error }
  }
}

/** Timers that a dead process never sees, and a frozen one only when it goes on. */
function clockOf(clock: VirtualClock, state: { dead: boolean; frozenUntil: number }): Clock {
  const whenAwake = (run: () => void) => (): void => {
    if (state.dead) return
    const left = state.frozenUntil - clock.now()
    if (left > 0) clock.after(left, whenAwake(run))
    else run()
  }
  return {
    now: () => clock.now(),
    after(ms, run) {
      let cancelled = false
      const cancel = clock.after(
        ms,
        whenAwake(() => {
          if (!cancelled) run()
        }),
      )
      return () => {
        cancelled = true
        cancel()
      }
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = (): void => (cancel(), reject(signal?.reason))
        const cancel = this.after(ms, () => (signal?.removeEventListener('abort', onAbort), resolve()))
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
  }
}
