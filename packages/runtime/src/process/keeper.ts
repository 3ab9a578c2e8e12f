import { Fault } from '@concord/contracts'
import { stateLost } from '@concord/store'
import type { Shell } from '../shell.ts'
import { createAtWork } from './at-work.ts'
import type { Process } from './define-process.ts'
import { createPartitionStates, text, type PartitionStates } from './partition-states.ts'
import { rebuildPartition, type RebuildOptions, type Rebuilt } from './rebuild.ts'
import type { Guard, PartitionState, WholeState } from './sentinel.ts'

/**
 * Knows whether what the store holds of this member's partitions is all there is, and sees to it where it is not. A state that is lost is
 * reported as an absent dependency: consumption pauses, `recover` is called until it succeeds, and consumption goes on.
 */
export interface Keeper {
  /** Takes over what stands whole. What does not is reported. */
  gained(partitions: readonly number[]): Promise<void>
  lost(partitions: readonly number[]): void
  /** What to read and write under in a partition of this member. @throws Fault `state_lost` where nothing stands. */
  guard(partition: number): Guard
  /** The same for a partition of somebody else. */
  foreign(partition: number): Promise<Guard>
  /** Rejects with `state_lost` unless the guard stands now: then all that was read since it was got was all there is. */
  stands(guard: Guard): Promise<void>
  /** Runs work that a rebuilding waits for. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Rebuilds one case whose value cannot be read. */
  rebuildCase(key: string, guard: Guard): Promise<void>
  /** Rebuilds what is lost, and resolves when every partition of the process is whole. */
  recover(): Promise<void>
  /** What it is doing, for whoever waits. */
  reason(): string
  stop(): void
}

/** Between two looks at whether other members have rebuilt theirs. Milliseconds. */
const lookAgainMs = 100

/** A partition of this member. */
interface Place {
  /** Null where what stands is not all there is. */
  guard: Guard | null
  readonly leaving: AbortController
}

export function createKeeper<State, Event>(shell: Shell, process: Process<State, Event>): Keeper {
  return new StateKeeper(shell, process)
}

class StateKeeper<State, Event> implements Keeper {
  readonly #shell: Shell
  readonly #process: Process<State, Event>
  readonly #states: PartitionStates
  readonly #held = new Map<number, Place>()
  readonly #atWork = createAtWork()
  readonly #stopping = new AbortController()
  #waitingFor: number[] = []
  #named = 0

  constructor(shell: Shell, process: Process<State, Event>) {
    this.#shell = shell
    this.#process = process
    this.#states = createPartitionStates(shell.deps, process)
  }

  async gained(partitions: readonly number[]): Promise<void> {
    const guards = await Promise.all(partitions.map((one) => this.#states.standing(one)))
    for (const [at, partition] of partitions.entries()) {
      this.#held.set(partition, { guard: guards[at] ?? null, leaving: new AbortController() })
    }
    const [missing] = guards.includes(null) ? partitions : await this.#states.notWhole()
    if (missing !== undefined) this.#shell.dependencies.report(stateLost(this.#states.nameOf(missing)))
  }

  lost(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.#held.get(partition)?.leaving.abort(new Fault('fenced', 'the partition has left.'))
      this.#held.delete(partition)
    }
  }

  guard(partition: number): Guard {
    const guard = this.#held.get(partition)?.guard
    if (guard == null) throw stateLost(this.#states.nameOf(partition))
    return guard
  }

  async foreign(partition: number): Promise<Guard> {
    const guard = await this.#states.standing(partition)
    if (guard === null) throw stateLost(this.#states.nameOf(partition))
    return guard
  }

  async stands({ partition, under }: Guard): Promise<void> {
    if ((await this.#states.value(partition)) !== under.value) throw stateLost(under.sentinel)
  }

  during<T>(work: () => Promise<T>): Promise<T> {
    return this.#atWork.during(work)
  }

  async rebuildCase(key: string, { partition, under }: Guard): Promise<void> {
    await this.#read(partition, { under, only: key })
  }

  async recover(): Promise<void> {
    const { clock } = this.#shell.deps
    try {
      await this.#atWork.idle(clock, this.#shell.config.drainBudgetMs)
      await this.#rebuildLost()
      while (this.#held.size > 0 && (this.#waitingFor = await this.#states.notWhole()).length > 0) {
        await clock.sleep(lookAgainMs, this.#stopping.signal)
        await this.#rebuildLost()
      }
    } catch (error) {
      const fault = Fault.from(error)
      this.#shell.dependencies.report(fault)
      if (!this.#stopping.signal.aborted) this.#shell.log.warn({ error: fault }, 'the cases cannot be rebuilt now')
      throw fault
    } finally {
      this.#waitingFor = []
    }
  }

  reason(): string {
    const partitions = [...new Set([...this.#unguarded(), ...this.#waitingFor])].sort((a, b) => a - b)
    return partitions.length === 0 ? 'state' : `state: rebuilding cases of partition ${partitions.join(', ')}`
  }

  stop(): void {
    this.#stopping.abort(new Fault('aborted', 'the service is being stopped.'))
    for (const { leaving } of this.#held.values()) leaving.abort(this.#stopping.signal.reason)
  }

  #unguarded(): number[] {
    return [...this.#held].filter(([, { guard }]) => guard === null).map(([partition]) => partition)
  }

  async #rebuildLost(): Promise<void> {
    for (const [partition, place] of this.#held) {
      if (place.guard !== null && (await this.#states.value(partition)) !== place.guard.under.value) place.guard = null
    }
    for (let lost = this.#unguarded(); lost.length > 0; lost = this.#unguarded()) {
      const rebuilt = await Promise.allSettled(lost.map((one) => this.#rebuild(one)))
      const failed = rebuilt.find((one) => one.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    }
  }

  /** Adopts what another has rebuilt meanwhile, or rebuilds. */
  async #rebuild(partition: number): Promise<void> {
    const place = this.#held.get(partition)
    if (place === undefined) return
    const before = await this.#states.value(partition)
    place.guard = await this.#states.standing(partition)
    if (place.guard !== null) return
    const since = this.#shell.deps.clock.now()
    const sentinel = this.#states.nameOf(partition)
    const mine: PartitionState = { state: 'rebuilding', id: this.#newId() }
    if (!(await this.#states.replace(partition, mine, before))) throw stateLost(sentinel)
    const under = { sentinel, value: text(mine) }
    const rebuilt = await this.#read(partition, { under, signal: place.leaving.signal })
    const whole = this.#whole(rebuilt, since)
    if (!(await this.#states.replace(partition, whole, under.value))) throw stateLost(sentinel)
    place.guard = this.#states.guardOf(partition, whole)
    this.#tell(partition, rebuilt, since)
  }

  #read(partition: number, how: Pick<RebuildOptions<State, Event>, 'under' | 'only' | 'signal'>): Promise<Rebuilt> {
    const { deps, config } = this.#shell
    return rebuildPartition({ deps, process: this.#process, partition, horizonMs: config.horizonMs, ...how })
  }

  /** Epochs come from the log, which is all that outlives a store, and from the clock, for a log in which the last one left no trace. */
  #whole({ epoch, unreadable: _, ...cases }: Rebuilt, since: number): WholeState {
    const { stateVersion } = this.#process
    return { state: 'whole', id: this.#newId(), epoch: Math.max(epoch + 1, since), stateVersion, cases }
  }

  /** Unlike any other, of this member or another. */
  #newId(): string {
    const { clock, random } = this.#shell.deps
    return `${this.#shell.config.clientId}/${clock.now()}/${++this.#named}/${random().toString(36).slice(2)}`
  }

  #tell(partition: number, { epoch: _, ...cases }: Rebuilt, since: number): void {
    const { deps, log } = this.#shell
    const tookMs = deps.clock.now() - since
    deps.metrics.rebuilds.inc()
    const said = 'the cases of a partition are rebuilt'
    if (cases.broken + cases.unreadable > 0) log.error({ partition, ...cases, tookMs }, said)
    else log.info({ partition, ...cases, tookMs }, said)
  }
}
