import { Kafka, logLevel } from 'kafkajs'

/** Client ids of a group's members now. */
export async function membersOf(brokers: string, group: string): Promise<string[]> {
  const admin = new Kafka({ brokers: brokers.split(','), clientId: 'faults-members', logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    const { groups } = await admin.describeGroups([group])
    return groups.flatMap(({ members }) => members.map(({ clientId }) => clientId))
  } finally {
    await admin.disconnect()
  }
}
