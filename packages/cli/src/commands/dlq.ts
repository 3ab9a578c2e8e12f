import { Command } from 'commander'
import { openClient } from '../client/open.ts'
import { chooseLetters } from '../dlq/choose.ts'
import { renderLetter, renderLetters, summaryOf } from '../dlq/render.ts'
import { print, printJson } from '../print.ts'
import { filterOf, filtered, type FilterOptions } from './dlq-filter.ts'
import { discardCommand, replayCommand } from './dlq-settle.ts'

export function dlqCommand(): Command {
  return new Command('dlq')
    .description('Dead letters: messages that an agent gave up. Look at them, send them again, or discard them')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(replayCommand())
    .addCommand(discardCommand())
}

function listCommand(): Command {
  return filtered(new Command('list').description('List the open letters, oldest first, and count them by agent and class'))
    .option('--all', 'those that were replayed or discarded too')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  ./concord dlq list\n  ./concord dlq list --agent triage --class model_refused --since 2h',
    )
    .action(async (options: FilterOptions & { all?: boolean; json?: boolean }) => {
      await using client = await openClient()
      const letters = await chooseLetters(client, [], { ...filterOf(options), settled: options.all === true })
      if (options.json === true) printJson({ total: letters.length, open: summaryOf(letters), letters })
      else print(renderLetters(letters, Date.now()))
    })
}

function showCommand(): Command {
  return new Command('show')
    .description('Show one letter: why it was given up, its headers, the message as far as it can be read, and its case')
    .argument('<letter>')
    .option('--reveal', 'with what the schema calls personal')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./concord dlq show requests.v1.coordinator/0/3')
    .action(async (id: string, { reveal = false, json }: { reveal?: boolean; json?: boolean }) => {
      await using client = await openClient()
      const page = await client.deadLetter(id, reveal)
      if (json === true) printJson(page)
      else print(renderLetter(page, Date.now()))
    })
}
