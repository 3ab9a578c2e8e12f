/** The two commands that change what is open: replay and discard. */
import { Fault, systemClock } from '@concord/contracts'
import { Command, InvalidArgumentError } from 'commander'
import { openClient } from '../client/open.ts'
import { chooseLetters } from '../dlq/choose.ts'
import { renderPlan } from '../dlq/render.ts'
import { replayAll } from '../dlq/replay-all.ts'
import { loginName } from '../login-name.ts'
import { print, printJson, tell } from '../print.ts'
import { filterOf, filtered, namesSome, type FilterOptions } from './dlq-filter.ts'

interface ReplayOptions extends FilterOptions {
  all?: boolean
  dryRun?: boolean
  rate: number
  force?: boolean
  by?: string
  json?: boolean
}

export function replayCommand(): Command {
  return filtered(
    new Command('replay')
      .description('Send messages again where they came from, as they were. A result that stands already is not made again')
      .argument('[letters...]'),
  )
    .option('--all', 'every open letter')
    .option('--dry-run', 'only say what would be sent, and what would come of it')
    .option('--rate <n/s>', 'at most so many a second, or a minute: 10/s, 30/m', rate, 10)
    .option('--force', 'also what was settled before, or has come back from three replays')
    .option('--by <name>', 'who decides it (default: your login name)')
    .option('--json', 'what was done, as JSON')
    .addHelpText(
      'after',
      `
Examples:
  ./concord dlq replay requests.v1.coordinator/0/3
  ./concord dlq replay --agent knowledge --class model_unavailable --since 2h --dry-run`,
    )
    .action(replay)
}

async function replay(ids: string[], options: ReplayOptions): Promise<void> {
  const { by = loginName(), force = false, dryRun = false, json } = options
  if (ids.length === 0 && options.all !== true && !namesSome(options)) throw tooMuch('Name letters, a filter, or --all.')
  await using client = await openClient()
  const letters = await chooseLetters(client, ids, { ...filterOf(options), settled: force })
  if (letters.length === 0 && json !== true) return print('No dead letter fits.')
  const results = await replayAll({
    client,
    clock: systemClock,
    letters,
    by,
    force,
    dryRun,
    perSecond: options.rate,
    onPlan(planned) {
      if (json === true && dryRun) printJson({ planned })
      else if (dryRun) print(renderPlan(planned))
      else tell(renderPlan(planned))
    },
  })
  if (dryRun) return
  const sent = results.filter(({ outcome }) => outcome === 'sent').length
  if (json === true) printJson({ results })
  else
    print(`Sent ${sent} of ${letters.length} again, by ${by}. What comes of it: ./concord dlq list · ./concord trace REQUEST_ID`)
  if (sent < letters.length) process.exitCode = 1
}

interface DiscardOptions extends FilterOptions {
  reason: string
  by?: string
  json?: boolean
}

export function discardCommand(): Command {
  return filtered(
    new Command('discard')
      .description('Record that letters are done with: who says so, when, and why. They stay on their topic')
      .argument('[letters...]'),
  )
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--by <name>', 'who decides it (default: your login name)')
    .option('--json', 'what was done, as JSON')
    .addHelpText('after', '\nExample:\n  ./concord dlq discard requests.v1.coordinator/0/3 --reason "a test of the producer"')
    .action(discard)
}

async function discard(ids: string[], options: DiscardOptions): Promise<void> {
  const { reason, by = loginName(), json } = options
  if (ids.length === 0 && !namesSome(options)) throw tooMuch('Name letters or a filter.')
  await using client = await openClient()
  const letters = await chooseLetters(client, ids, filterOf(options))
  if (letters.length === 0 && json !== true) return print('No dead letter fits.')
  for (const { id } of letters) await client.discard({ id, by, reason })
  if (json === true) printJson({ discarded: letters.map(({ id }) => id) })
  else print(`Discarded ${letters.length}, by ${by}: ${reason}`)
}

const tooMuch = (mend: string): Fault => new Fault('invalid_input', 'that would be every letter.', { mend })

/** `10/s` or `30/m`. @returns how many a second */
export function rate(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})\/([sm])$/.exec(text) ?? []
  if (count === undefined) throw new InvalidArgumentError('Write it as 10/s or 30/m.')
  return Number(count) / (unit === 's' ? 1 : 60)
}
