import { Fault, type Clock } from '@concord/contracts'
import { subscribedCounts } from '../assignment.ts'
import type { Assigned, Consumer, ConsumerHandlers, ConsumerOptions, TopicPartition } from '../broker.ts'
import { checkMetadata } from '../record-check.ts'
import type { Group, Member } from './group.ts'
import { createReader, type Reader } from './reader.ts'
import type { Topics } from './topics.ts'

export interface ConsumerDeps {
  id: string
  clock: Clock
  topics: Topics
  group: Group
  sessionTimeoutMs: number
  schedule: (run: () => void) => void
  available: () => boolean
}

/** A consumer with the two ways in which tests end its membership. */
export interface MemoryConsumer extends Consumer {
  readonly clientId: string
  /** Falls silent at once; the group notices when the session ends. */
  crash(): void
  /** The group drops the member, which lives on, loses all and joins again. */
  expire(): void
  wake(): void
}

export function createConsumer(options: ConsumerOptions, deps: ConsumerDeps): MemoryConsumer {
  const { clock, group } = deps
  let handlers: ConsumerHandlers | undefined
  let readers: Reader[] = []
  let state: 'new' | 'running' | 'crashed' | 'stopped' = 'new'
  let lastContact = clock.now()
  let draining: Promise<void> = Promise.resolve()

  const member: Member = {
    id: deps.id,
    options,
    revoke() {
      if (state === 'crashed') return new Promise(() => {})
      draining = handlers === undefined ? Promise.resolve() : handlers.onRevoked(close())
      return draining
    },
    assign(partitions) {
      if (state === 'running') open(partitions)
    },
    expel() {
      if (state !== 'running') return
      handlers?.onLost(close())
      void draining.then(() => (state === 'running' ? group.join(member) : undefined))
    },
  }

  function open(partitions: Assigned[]): void {
    const opened = partitions.map((assigned) => createReader(assigned, deps, (records) => handlers?.onRecords(records)))
    readers = opened
    void handlers?.onAssigned(partitions).then(() => opened.forEach((reader) => reader.open()))
  }

  function close(): TopicPartition[] {
    const held = readers.map(({ topic, partition }) => ({ topic, partition }))
    for (const reader of readers) reader.close()
    readers = []
    return held
  }

  function readersOf(partitions: TopicPartition[]): Reader[] {
    return readers.filter((reader) => partitions.some((at) => at.topic === reader.topic && at.partition === reader.partition))
  }

  return {
    clientId: options.clientId,
    async start(given) {
      if (state !== 'new') throw new Fault('invalid_input', 'a consumer starts once.')
      if (!deps.available()) throw new Fault('broker_unavailable', 'the broker does not answer.', { retryable: true })
      subscribedCounts(options, deps.topics.counts())
      state = 'running'
      handlers = given
      await group.join(member)
    },
    pause: (partitions) => readersOf(partitions).forEach((reader) => reader.pause()),
    resume: (partitions) => readersOf(partitions).forEach((reader) => reader.resume()),
    async commit(commits) {
      if (state === 'crashed') return new Promise(() => {})
      if (!deps.available()) throw new Fault('broker_unavailable', 'the broker does not answer.', { retryable: true })
      for (const commit of commits) checkMetadata(commit)
      group.commit(member, commits)
    },
    lastContact() {
      if (state === 'running' && deps.available()) lastContact = clock.now()
      return lastContact
    },
    async stop() {
      if (state === 'crashed') return new Promise(() => {})
      state = 'stopped'
      close()
      group.leave(member)
    },
    crash() {
      if (state !== 'running') return
      lastContact = clock.now()
      state = 'crashed'
      close()
      clock.after(deps.sessionTimeoutMs, () => group.leave(member))
    },
    expire: () => group.expel(member),
    wake: () => readers.forEach((reader) => reader.wake()),
  }
}
