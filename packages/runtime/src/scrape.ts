import { Fault } from '@concord/contracts'
import type { Admin, Broker, Delivery } from '@concord/messaging'
import type { Logger } from '@concord/telemetry'
import type { Deps } from './deps.ts'

/** The figures now, in Prometheus' text format. Lag is measured here, when somebody asks. */
export async function scrape({ broker, metrics }: Deps, delivery: Delivery, log: Logger): Promise<string> {
  const { inFlight, queued, waiting } = delivery.stats()
  metrics.inFlight.set(inFlight)
  metrics.queued.set(queued + waiting)
  try {
    await measureLag(broker, delivery, metrics.lag)
  } catch (error) {
    log.debug({ error: Fault.from(error) }, 'the lag cannot be measured now')
  }
  return metrics.registry.metrics()
}

async function measureLag(broker: Broker, delivery: Delivery, gauge: Deps['metrics']['lag']): Promise<void> {
  const admin = await broker.admin()
  try {
    await lagOf(admin, delivery, gauge)
  } finally {
    await admin.close()
  }
}

async function lagOf(admin: Admin, delivery: Delivery, gauge: Deps['metrics']['lag']): Promise<void> {
  const held = Map.groupBy(delivery.stats().perPartition, ({ topic }) => topic)
  for (const [topic, partitions] of held) {
    const offsets = new Map((await admin.topicOffsets(topic)).map((one) => [one.partition, one]))
    const behind = partitions.map(({ partition, committed }) => {
      const log = offsets.get(partition)
      return log === undefined ? 0 : log.high - (committed ?? log.low)
    })
    gauge.set(
      { topic },
      behind.reduce((sum, one) => sum + one, 0),
    )
  }
}
