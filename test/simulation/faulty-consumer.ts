/** A member of a group as one replica sees it. */
import type { Consumer, ConsumerHandlers, ConsumerOptions, TopicPartition } from '@concord/messaging'
import { brokerAway } from './absence.ts'
import type { Life } from './life.ts'
import type { Stage } from './stage.ts'

export function consumerOf(life: Life, stage: Stage, options: ConsumerOptions): Consumer {
  const { broker, history, evidence, clock } = stage
  const { clientId, service } = life
  const inner = broker.consumer(options)

  return {
    async start(handlers) {
      // What goes wrong does so before there is a member: once it is told what it holds, it has started.
      await life.call('broker.join', async () => {}, brokerAway)
      await inner.start(witnessed(handlers, life, stage))
    },
    pause: (partitions) => inner.pause(partitions),
    resume: (partitions) => inner.resume(partitions),
    async commit(commits) {
      await life.call(
        'broker.commit',
        async () => {
          await inner.commit(commits)
          const seq = history.note(clientId, `commit ${commits.map((one) => `${placeOf(one)}=${one.offset}`).join(' ')}`)
          const shared = { seq, at: clock.now(), by: clientId, group: service }
          for (const { topic, partition, offset } of commits) evidence.committed.push({ ...shared, topic, partition, offset })
        },
        brokerAway,
      )
    },
    lastContact: () => inner.lastContact(),
    memberUntil: () => inner.memberUntil(),
    async stop() {
      await life.awake()
      await inner.stop()
    },
  }
}

/** Writes down what the group tells, and hands some records over twice. */
function witnessed(handlers: ConsumerHandlers, life: Life, stage: Stage): ConsumerHandlers {
  const { clientId } = life
  const { history, evidence } = stage
  const disturbed = (kind: 'revoked' | 'lost', what: string): void =>
    void evidence.disturbances.push({ seq: history.note(clientId, what), by: clientId, kind })
  return {
    onAssigned(assigned) {
      history.note(clientId, `holds ${assigned.map(placeOf).join(' ')}`)
      return handlers.onAssigned(assigned)
    },
    async onRevoked(partitions) {
      disturbed('revoked', 'is told of a rebalance')
      await handlers.onRevoked(partitions)
    },
    onLost(partitions) {
      disturbed('lost', 'has lost its partitions')
      handlers.onLost(partitions)
    },
    onRecords(records, progress) {
      const taken = handlers.onRecords(records, progress) ?? records.length
      if (taken === records.length && stage.draws(life, 'redelivery')) {
        history.note(clientId, `again: ${records[0]?.topic}/${records[0]?.partition} from ${records[0]?.offset}`)
        handlers.onRecords(records, progress)
      }
      return taken
    },
    onCrash: (error) => handlers.onCrash(error),
  }
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic.replace(/^concord\.|\.v1$/g, '')}/${partition}`
