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

export interface ConsumerDeps {
  client: ClientOptions
  counts: TopicCounts
}

/** A member of a group for as long as it is wanted: a session that crashes is followed by another. */
export class KafkaGroupConsumer implements Consumer {
  readonly #options: ConsumerOptions
  readonly #deps: ConsumerDeps
  /** Settles `start`: the first assignment has come, or never will. */
  readonly #started = Promise.withResolvers<void>()
  #session: Session | undefined
  #state: 'new' | 'running' | 'stopped' = 'new'
  #crashes = 0
  #lastContact = Date.now()
  #cancelRestart: (() => void) | undefined

  constructor(options: ConsumerOptions, deps: ConsumerDeps) {
    this.#options = options
    this.#deps = deps
  }

  async start(handlers: ConsumerHandlers): Promise<void> {
    if (this.#state !== 'new') throw new Fault('invalid_input', 'a consumer starts once.')
    const counts = subscribedCounts(this.#options, await this.#deps.counts.of(this.#options.topics))
    const concurrency = [...counts.values()].reduce((sum, count) => sum + count, 0)
    this.#state = 'running'
    this.#begin(handlers, concurrency)
    await this.#started.promise
  }

  #begin(handlers: ConsumerHandlers, concurrency: number): void {
    this.#lastContact = Date.now()
    const session = new Session({
      client: this.#deps.client,
      options: this.#options,
      concurrency,
      handlers,
      onContact: () => void (this.#lastContact = Date.now()),
      onAssigned: () => {
        this.#crashes = 0
        this.#started.resolve()
      },
      onCrash: (error) => this.#onCrash(error, handlers, concurrency),
    })
    this.#session = session
    session.start().catch((error: unknown) => session.crash(error))
  }

  #onCrash(error: unknown, handlers: ConsumerHandlers, concurrency: number): void {
    if (this.#state !== 'running') return
    this.#session = undefined
    this.#crashes++
    const fault = brokerFault(error, 'the consumer has crashed')
    this.#deps.client.log?.({
      level: 'error',
      message: fault.message,
      fields: { group: this.#options.group, crashes: this.#crashes },
    })
    if (this.#crashes > maxCrashes && !isRetriable(error)) {
      this.#state = 'stopped'
      this.#started.reject(fault)
      handlers.onCrash(fault)
      return
    }
    const waitMs = Math.min(restartMostMs, restartMs * 2 ** (this.#crashes - 1))
    this.#cancelRestart = systemClock.after(waitMs, () => this.#begin(handlers, concurrency))
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

  memberUntil(): number {
    return this.#session?.memberUntil() ?? 0
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#cancelRestart?.()
    this.#started.resolve()
    const session = this.#session
    this.#session = undefined
    await session?.stop()
  }
}
