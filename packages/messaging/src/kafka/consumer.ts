import { Fault, systemClock } from '@concord/contracts'
import { subscribedCounts } from '../assignment.ts'
import type { Commit, Consumer, ConsumerHandlers, ConsumerOptions, TopicPartition } from '../broker.ts'
import { checkMetadata } from '../record-check.ts'
import type { ClientOptions } from './client.ts'
import { brokerFault, isRetriable } from './faults.ts'
import { Session } from './session.ts'
import type { TopicCounts } from './topic-counts.ts'

/** Crashes in a row, for reasons that will not pass by themselves, after which it is given up. */
const maxCrashes = 5
const restartMs = 1_000
const restartMostMs = 10_000

/** A member of a group for as long as it is wanted: a session that crashes is followed by another. */
export class KafkaGroupConsumer implements Consumer {
  readonly #options: ConsumerOptions
  readonly #client: ClientOptions
  readonly #counts: TopicCounts
  #session: Session | undefined
  #state: 'new' | 'running' | 'stopped' = 'new'
  #crashes = 0
  #lastContact = Date.now()
  #cancelRestart: (() => void) | undefined

  constructor(options: ConsumerOptions, client: ClientOptions, counts: TopicCounts) {
    this.#options = options
    this.#client = client
    this.#counts = counts
  }

  async start(handlers: ConsumerHandlers): Promise<void> {
    if (this.#state !== 'new') throw new Fault('invalid_input', 'a consumer starts once.')
    const counts = subscribedCounts(this.#options, await this.#counts.of(this.#options.topics))
    const concurrency = [...counts.values()].reduce((sum, count) => sum + count, 0)
    this.#state = 'running'
    this.#lastContact = Date.now()
    await new Promise<void>((assigned, failed) => this.#begin(handlers, concurrency, assigned, failed))
  }

  #begin(handlers: ConsumerHandlers, concurrency: number, assigned: () => void, failed: (fault: Fault) => void): void {
    const session = new Session({
      client: this.#client,
      options: this.#options,
      concurrency,
      handlers,
      onContact: () => (this.#lastContact = Date.now()),
      onAssigned: () => {
        this.#crashes = 0
        assigned()
      },
      onCrash: (error) => this.#restart(error, handlers, () => this.#begin(handlers, concurrency, assigned, failed), failed),
    })
    this.#session = session
    session.start().catch((error: unknown) => {
      if (this.#session === session) this.#restart(error, handlers, () => this.#begin(handlers, concurrency, assigned, failed), failed)
    })
  }

  #restart(error: unknown, handlers: ConsumerHandlers, again: () => void, failed: (fault: Fault) => void): void {
    if (this.#state !== 'running') return
    this.#session = undefined
    this.#crashes++
    const fault = brokerFault(error, 'the consumer has crashed')
    this.#client.log?.({ level: 'error', message: fault.message, fields: { group: this.#options.group, crashes: this.#crashes } })
    if (this.#crashes > maxCrashes && !isRetriable(error)) {
      this.#state = 'stopped'
      handlers.onCrash(fault)
      failed(fault)
      return
    }
    this.#cancelRestart = systemClock.after(Math.min(restartMostMs, restartMs * 2 ** (this.#crashes - 1)), again)
  }

  pause(partitions: TopicPartition[]): void {
    this.#session?.pause(partitions)
  }

  resume(partitions: TopicPartition[]): void {
    this.#session?.resume(partitions)
  }

  async commit(commits: Commit[]): Promise<void> {
    for (const commit of commits) checkMetadata(commit)
    if (this.#session === undefined) throw new Fault('fenced', 'the member has left the group.')
    await this.#session.commit(commits)
  }

  lastContact(): number {
    return this.#lastContact
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#cancelRestart?.()
    const session = this.#session
    this.#session = undefined
    await session?.stop()
  }
}
