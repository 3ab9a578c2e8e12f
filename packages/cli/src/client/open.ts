import { Fault } from '@concord/contracts'
import { readRun, runFolder, runningIn } from '@concord/dev-env/up'
import { readRecord } from '../log/record.ts'
import { namedAddresses, type RealAddresses } from '../settings.ts'
import type { Client } from './client.ts'
import { openEmbedded } from './embedded.ts'
import { openKafka } from './kafka.ts'
import { createRecordedClient } from './recorded.ts'

/**
 * Kafka where `KAFKA_BROKERS` names it, else the constellation that `up` left running here, else one that runs embedded, else
 * the record of the last demo.
 */
export async function openClient(): Promise<Client> {
  const addresses = await findAddresses()
  if (addresses !== null) return openKafka(addresses)
  return (await openEmbedded()) ?? createRecordedClient(await readRecord())
}

/** Of the real parts. @throws Fault when none are known */
export async function realAddresses(): Promise<RealAddresses> {
  const addresses = await findAddresses()
  if (addresses !== null) return addresses
  throw new Fault('broker_unavailable', 'no broker is known here.', { mend: 'Run ./concord up, or set KAFKA_BROKERS.' })
}

/** Those of the environment, else of what `up` has started, unless all of that has ended since. */
async function findAddresses(): Promise<RealAddresses | null> {
  const named = namedAddresses()
  if (named !== null) return named
  const record = await readRun(runFolder())
  if (record === null) return null
  const isHere = record.parts.some(({ name, by }) => name === 'kafka' && by === 'native')
  if (isHere && !(await runningIn(runFolder())).has('kafka')) return null
  return namedAddresses(record.env)
}
