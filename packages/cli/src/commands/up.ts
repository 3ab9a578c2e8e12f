import { Command, InvalidArgumentError } from 'commander'
import { serviceNames, type ServiceName } from '@concord/dev-env'
import { runFolder, runningIn, up, type RunRecord, type Scale } from '@concord/dev-env/up'
import { runEmbedded } from '../embedded/run.ts'
import { numberAbove0 } from '../numbers.ts'
import { print, printJson, tell } from '../print.ts'
import { settings } from '../settings.ts'
import { table } from '../table.ts'

interface Options {
  embedded?: boolean
  scale: Scale
  only?: string
  partitions?: number
  json?: boolean
}

export function upCommand(): Command {
  return new Command('up')
    .description(
      'Start the constellation: Kafka, the registry, Redis and every service as processes, or all in one with --embedded',
    )
    .option('--embedded', 'in this process, on a broker and a store in memory, until Ctrl-C')
    .option('--scale <agent=n>', 'replicas of a service, or of all; can be repeated', addScale, {})
    .option('--only <name>', 'start only this service or replica, if it has died')
    .option('--partitions <n>', 'partitions of each topic that is created (6 unless given)', numberAbove0)
    .option('--json', 'what is up, as JSON')
    .addHelpText(
      'after',
      `
KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL, OPENAI_BASE_URL and CONCORD_BACKEND_URL name what runs elsewhere already;
what is not named is started: by Docker Compose where a daemon answers, else on this machine. What runs already is left as it is.

Examples:
  ./concord up --scale all=2
  ./concord up --scale triage=3 --scale policy=2
  ./concord up                      start again what has died
  ./concord up --embedded`,
    )
    .action(start)
}

async function start(options: Options): Promise<void> {
  const { domainFolder } = settings()
  if (options.embedded === true) return runEmbedded({ domainFolder, scale: options.scale, json: options.json === true })
  const dir = runFolder()
  const { record, started } = await up({
    dir,
    env: process.env,
    domainFolder,
    scale: options.scale,
    ...(options.only !== undefined && { only: options.only }),
    ...(options.partitions !== undefined && { partitions: options.partitions }),
    tell,
  })
  const running = await runningIn(dir)
  if (options.json === true) printJson({ started, ...record, env: undefined })
  else print(describe(record, started, running))
}

/** What stands where, and how to go on. */
export function describe(record: RunRecord, started: readonly string[], running: ReadonlyMap<string, number>): string {
  const parts = record.parts.map(({ name, by, address }) => [
    name,
    '',
    pidOf(running, name),
    by === 'native' ? address : `${address} (${by})`,
    '',
  ])
  const replicas = record.replicas.map(({ name, service, port, log }) => [
    service,
    name.slice(service.length + 1),
    pidOf(running, name),
    running.has(name) ? `http://127.0.0.1:${port}/readyz` : 'not running',
    log,
  ])
  const what = started.length === 0 ? 'All of it was up already.' : `Started ${started.length}: ${started.join(', ')}.`
  return [
    table(['service', 'replica', 'pid', 'address', 'log'], [...parts, ...replicas], 90),
    '',
    what,
    'Go on with: ./concord send --text "When can I call you?" --wait · ./concord trace REQUEST_ID · ./concord queue list · ./concord lag',
    'End it with: ./concord down (or make down)',
  ].join('\n')
}

const pidOf = (running: ReadonlyMap<string, number>, name: string): string => String(running.get(name) ?? '')

/** `triage=2`, or `all=2`. */
export function addScale(text: string, before: Scale): Scale {
  const [name = '', count = ''] = text.split('=')
  if (!/^\d{1,2}$/.test(count)) throw new InvalidArgumentError('Write it as triage=2 or all=2, with a number from 0 to 99.')
  const meant = name === 'all' ? serviceNames : serviceNames.filter((known) => known === name)
  if (meant.length === 0) throw new InvalidArgumentError(`${name} is no service. Take all or one of ${serviceNames.join(', ')}.`)
  return {
    ...before,
    ...(Object.fromEntries(meant.map((known) => [known, Number(count)])) as Partial<Record<ServiceName, number>>),
  }
}
