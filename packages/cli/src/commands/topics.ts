import { Command } from 'commander'
import { createKafkaBroker } from '@concord/messaging'
import { applyTopics, defaultPartitions, readersOf, wantedTopics } from '@concord/dev-env/up'
import { realAddresses } from '../client/open.ts'
import { numberAbove0 } from '../numbers.ts'
import { print, printJson } from '../print.ts'
import { settings } from '../settings.ts'
import { table } from '../table.ts'

interface Options {
  partitions: number
  json?: boolean
}

export function topicsCommand(): Command {
  const apply = new Command('apply')
    .description('Create the topics that the services read and write, and their dead-letter topics; what exists stays as it is')
    .option('--partitions <n>', 'of each topic that is created', numberAbove0, defaultPartitions)
    .option('--json', 'the names of what was created, as JSON')
    .addHelpText('after', '\nExample:\n  KAFKA_BROKERS=127.0.0.1:9092 ./concord topics apply --partitions 12')
    .action(applyAll)
  const list = new Command('list')
    .description('List the topics of the broker with their partitions and records')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./concord topics list')
    .action(listAll)
  return new Command('topics').description('Topics of the broker').addCommand(apply).addCommand(list)
}

async function applyAll({ partitions, json }: Options): Promise<void> {
  const brokers = (await realAddresses()).KAFKA_BROKERS.split(',')
  const specs = wantedTopics(await readersOf(settings().domainFolder), brokers, partitions)
  const created = await applyTopics(brokers, specs)
  if (json === true) return printJson({ created, existing: specs.length - created.length })
  print(
    created.length === 0
      ? `All ${specs.length} topics exist.`
      : `${created.join('\n')}\n${created.length} topics created, ${specs.length - created.length} existed.`,
  )
}

async function listAll({ json }: Pick<Options, 'json'>): Promise<void> {
  const brokers = (await realAddresses()).KAFKA_BROKERS.split(',')
  const admin = await createKafkaBroker({ brokers, clientId: 'concord-topics' }).admin()
  try {
    const names = [...(await admin.listTopics()).keys()].sort()
    const topics = await Promise.all(
      names.map(async (topic) => {
        const offsets = await admin.topicOffsets(topic)
        return { topic, partitions: offsets.length, records: offsets.reduce((sum, { low, high }) => sum + high - low, 0) }
      }),
    )
    if (json === true) printJson({ topics })
    else
      print(
        table(
          ['topic', 'partitions', 'records'],
          topics.map(({ topic, partitions, records }) => [topic, String(partitions), String(records)]),
          80,
        ),
      )
  } finally {
    await admin.close()
  }
}
