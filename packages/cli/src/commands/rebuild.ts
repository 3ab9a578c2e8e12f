import { Command } from 'commander'
import { openClient } from '../client/open.ts'
import { numberFrom0 } from '../numbers.ts'
import { print, printJson } from '../print.ts'
import { renderRebuild } from '../rebuild/render.ts'

interface Options {
  partition?: number
  dryRun?: boolean
  json?: boolean
}

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('Have the coordinator rebuild the cases in its store from case-events')
    .option('--partition <n>', 'the cases of this partition alone', numberFrom0)
    .option('--dry-run', 'read and compare, and change nothing')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
A store that was lost or set back is noticed and rebuilt without this. Consumption pauses meanwhile, and nothing that stands is lost: what is
newer in the store is kept. omitted: ended longer ago than cases are kept · broken: part of the history is gone, a person must answer

Examples:
  ./concord rebuild --dry-run
  ./concord rebuild --partition 3`,
    )
    .action(run)
}

async function run({ partition, dryRun = false, json }: Options): Promise<void> {
  await using client = await openClient()
  const rows = await client.rebuild({ partition: partition ?? null, dryRun })
  if (json === true) printJson({ dryRun, partitions: rows })
  else print(renderRebuild(rows, dryRun))
}
