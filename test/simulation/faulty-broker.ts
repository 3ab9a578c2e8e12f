/** The broker as one replica sees it. */
import type { Admin, Broker, OutRecord, Producer } from '@concord/messaging'
import { brokerAway } from './absence.ts'
import { consumerOf } from './faulty-consumer.ts'
import type { Life } from './life.ts'
import type { Stage } from './stage.ts'

export function brokerOf(life: Life, stage: Stage): Broker {
  const { broker } = stage
  const call = <T>(what: string, effect: () => Promise<T>): Promise<T> => life.call(`broker.${what}`, effect, brokerAway)
  return {
    producer: () =>
      call('producer', async () => {
        await broker.producer({ clientId: 'simulation' }) // rejects while the broker is away
        return producerOf(life, stage)
      }),
    consumer: (options) => consumerOf(life, stage, options),
    admin: () => call('admin', async () => adminOf(await broker.admin(), call)),
    read: (at, range, signal) => broker.read(at, range, signal),
  }
}

/** Sends of one producer reach the log in the order in which they were made, as its contract says. */
function producerOf(life: Life, stage: Stage): Producer {
  let last: Promise<void> = Promise.resolve()
  return {
    async send(records) {
      const before = last
      const mine = Promise.withResolvers<void>()
      last = mine.promise
      const inTurn = async (some: readonly OutRecord[]): Promise<void> => {
        await before
        try {
          await stage.append(life.clientId, some)
        } finally {
          mine.resolve()
        }
      }
      // Where the broker says that it is away, a part may be in the log.
      const part = (): readonly OutRecord[] => records.filter(() => life.chance.happens(0.3))
      await life.call(
        'broker.send',
        () => inTurn(records),
        brokerAway,
        () => inTurn(part()),
      )
    },
    close: async () => {},
  }
}

function adminOf(admin: Admin, call: <T>(what: string, effect: () => Promise<T>) => Promise<T>): Admin {
  return {
    createTopics: (topics) => call('createTopics', () => admin.createTopics(topics)),
    listTopics: () => call('listTopics', () => admin.listTopics()),
    topicOffsets: (topic) => call('topicOffsets', () => admin.topicOffsets(topic)),
    committed: (group, topic) => call('committed', () => admin.committed(group, topic)),
    place: (group, topic, offsets) => call('place', () => admin.place(group, topic, offsets)),
    close: () => admin.close(),
  }
}
