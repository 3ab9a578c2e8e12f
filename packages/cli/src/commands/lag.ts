import { Command } from 'commander'
import { systemClock } from '@concord/contracts'
import type { Client } from '../client/client.ts'
import { openClient } from '../client/open.ts'
import { renderLag, total } from '../lag/render.ts'
import { print, printJson } from '../print.ts'

interface Options {
  json?: boolean
  watch?: boolean
}

const watchMs = 2_000

export function lagCommand(): Command {
  return new Command('lag')
    .description('Show how many records each service has still to handle, by topic and partition')
    .option('--json', 'as JSON: each partition with its committed offset, its end and the lag')
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .addHelpText('after', '\nExamples:\n  ./concord lag\n  ./concord lag --watch')
    .action(async (options: Options) => {
      await using client = await openClient()
      await tellLag(client, options)
      while (options.watch === true) {
        await systemClock.sleep(watchMs)
        await tellLag(client, options)
      }
    })
}

async function tellLag(client: Client, { json, watch }: Options): Promise<void> {
  const rows = await client.lag()
  if (json === true) return printJson({ total: total(rows), partitions: rows })
  const clear = watch === true && process.stdout.isTTY === true ? '\u001b[2J\u001b[H' : ''
  print(`${clear}${renderLag(rows)}`)
}
