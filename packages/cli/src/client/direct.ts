/** The client over the ports themselves: on Kafka, or inside the process that runs the constellation. */
import { replies, type Clock, type Codec } from '@concord/contracts'
import type { Broker, OutRecord, Producer } from '@concord/messaging'
import { createLetterCount, type Process } from '@concord/runtime'
import type { Store } from '@concord/store'
import { createLetterDesk } from '../dlq/desk.ts'
import type { Figures } from '../lag/figures.ts'
import type { Readers } from '../lag/lag.ts'
import { lagReport } from '../lag/report.ts'
import { readAll, tail, type Tail } from '../log/tail.ts'
import { createRebuilder } from '../rebuild/rebuild.ts'
import { requestRecord } from '../requests/publish.ts'
import type { Client } from './client.ts'
import { createDecider } from './deciding.ts'
import { readWaiting } from './waiting.ts'

export interface DirectClientOptions {
  name: string
  broker: Broker
  store: Store
  codec: Codec
  clock: Clock
  tenantId: string
  /** Version of the domain, for what a reviewer's decision says of itself. */
  domainVersion: string
  readers: Readers
  /** Whose cases can be rebuilt. */
  process: Process
  /** What the replicas that can be reached say of themselves. */
  figures(): Promise<Figures[]>
  /** Closes what was opened for this client alone. */
  close?(): Promise<void>
}

export function createDirectClient(options: DirectClientOptions): Client {
  const { name, broker, store, codec, clock, tenantId } = options
  let connecting: Promise<Producer> | undefined
  const publish = async (records: OutRecord[]): Promise<void> => {
    connecting ??= broker.producer({ clientId: `concord-cli-${process.pid}` })
    await (await connecting).send(records)
  }
  const tails: Tail[] = []
  const letters = createLetterCount(broker)
  const desk = createLetterDesk({ broker, store, codec, send: publish })

  return {
    name,
    async send(request) {
      const record = await requestRecord(codec, request, clock.now())
      await publish([record])
    },
    async watchReplies(onEntry, onEnd) {
      const ends = onEnd === undefined ? {} : { onCrash: onEnd }
      tails.push(await tail({ broker, codec, topics: [replies.name], from: 'end', onEntry, ...ends }))
    },
    entriesOf: (requestId) =>
      readAll({
        broker,
        codec,
        requestId,
        wanted: (entry) => entry.requestId === requestId && entry.tenantId === tenantId,
      }),
    waiting: () => readWaiting(store),
    decide: createDecider({ ...options, publish }),
    lag: () => lagReport({ ...options, letters, now: () => clock.now() }),
    rebuild: createRebuilder(options),
    deadLetters: () => desk.letters(),
    deadLetter: (id, reveal) => desk.page(id, reveal),
    standings: (owners) => desk.standings(owners),
    replay: (wish) => desk.replay(wish),
    discard: (wish) => desk.discard(wish),
    async [Symbol.asyncDispose]() {
      await Promise.all(tails.map((open) => open.stop()))
      await connecting?.then(
        (open) => open.close(),
        () => undefined,
      )
      await options.close?.()
    },
  }
}
