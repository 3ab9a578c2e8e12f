import { Fault, systemClock } from '@concord/contracts'
import { Command } from 'commander'
import type { Client } from '../client/client.ts'
import { openClient } from '../client/open.ts'
import { renderLag } from '../lag/render.ts'
import { watchLag } from '../lag/watch.ts'
import { print, printJson } from '../print.ts'
import { painter, wantsColour } from '../terminal.ts'

interface Options {
  json?: boolean
  watch?: boolean
  all?: boolean
}

export function lagCommand(): Command {
  return new Command('lag')
    .description('Show how far each agent is behind, on which partitions, and what holds it up')
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .option('--all', 'partitions without lag too')
    .option('--json', 'as JSON; with --watch, one line each time')
    .addHelpText(
      'after',
      `
lag: records from the committed offset on · oldest: age of the first that is not done · not done: without those done above the
watermark · gap: from the watermark to the highest done · ?: the agent's own figures cannot be reached

Examples:
  ./concord lag
  ./concord lag --watch`,
    )
    .action(async (options: Options) => {
      await using client = await openClient()
      await (options.watch === true ? watch(client, options) : once(client, options))
    })
}

async function once(client: Client, { json, all = false }: Options): Promise<void> {
  const report = await client.lag()
  const paint = painter(wantsColour(process.stdout, process.env))
  if (json === true) printJson(report)
  else print(renderLag(report, { all, most: Infinity, paint }))
}

async function watch(client: Client, { json = false, all = false }: Options): Promise<void> {
  const ended = new AbortController()
  const end = () => ended.abort(new Fault('aborted', 'the watch was ended.'))
  process.once('SIGINT', end).once('SIGTERM', end)
  await watchLag({
    lag: () => client.lag(),
    clock: systemClock,
    terminal: process.stdout,
    paint: painter(wantsColour(process.stdout, process.env)),
    signal: ended.signal,
    json,
    all,
  })
}
