import { Command } from 'commander'
import { down, runFolder } from '@concord/dev-env/up'
import { print, printJson, tell } from '../print.ts'

interface Options {
  only?: string
  wipe?: boolean
  json?: boolean
}

export function downCommand(): Command {
  return new Command('down')
    .description('End what `up` started: the services drain first, then what they stand on. Data is kept')
    .option('--only <name>', 'end only this service or replica')
    .option('--wipe', 'remove topics, schemas, cases and orders too')
    .option('--json', 'what was ended, as JSON')
    .addHelpText('after', '\nExamples:\n  ./concord down\n  ./concord down --only triage-1\n  ./concord down --wipe')
    .action(async ({ only, wipe = false, json }: Options) => {
      const ended = await down({ dir: runFolder(), wipe, tell, ...(only !== undefined && { only }) })
      if (json === true) printJson({ ended })
      else print(ended.length === 0 ? 'Nothing was up.' : `Ended ${ended.length}: ${ended.join(', ')}.`)
    })
}
