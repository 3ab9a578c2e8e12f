import { Command, Option } from 'commander'
import { Fault, systemClock, type Request } from '@concord/contracts'
import type { Client } from '../client/client.ts'
import { openClient } from '../client/open.ts'
import { numberAbove0 } from '../numbers.ts'
import { print, printJson } from '../print.ts'
import { progressBar } from '../progress.ts'
import { inTurn } from '../requests/in-turn.ts'
import { parseRequest, readRequestFile } from '../requests/request-file.ts'
import { renderResult, renderResults } from '../requests/results.ts'
import { sendAndWait } from '../requests/send.ts'
import { settings } from '../settings.ts'

interface Options {
  text?: string
  file?: string
  customer?: string
  conversation?: string
  requestId?: string
  locale?: string
  limit?: number
  wait?: boolean
  until: 'notice' | 'final'
  timeout?: number
  inFlight: number
  json?: boolean
}

/** Twice the time that a case has. */
const noticeSeconds = 120
/** People take their time. */
const finalSeconds = 24 * 3600
const mostNamed = 10

export function sendCommand(): Command {
  return new Command('send')
    .description('Publish one request, or a file of them, and wait for what becomes of each')
    .option('--text <text>', 'what the customer writes')
    .option('--file <file>', 'JSON lines with `text`; see below')
    .option('--customer <id>', 'the customer who writes (with --text)')
    .option('--conversation <id>', 'the conversation that it belongs to (with --text)')
    .option('--request-id <id>', 'your own id for it (with --text)')
    .option('--locale <tag>', 'such as en or de-AT (with --text)')
    .option('--limit <n>', 'only the first n requests of the file', numberAbove0)
    .option('--wait', 'wait for the outcome, or for the notice that a person decides')
    .addOption(
      new Option('--until <what>', 'with --wait: the notice, or the outcome also where a person decides')
        .choices(['notice', 'final'])
        .default('notice'),
    )
    .option(
      '--timeout <s>',
      `with --wait: give up after so many seconds without any outcome (${noticeSeconds}, or a day with --until final)`,
      numberAbove0,
    )
    .option('--in-flight <n>', 'with --wait: requests under way at once', numberAbove0, 48)
    .option('--json', 'one JSON line for each request')
    .addHelpText(
      'after',
      `
A line of a file is an object with text and, optionally, requestId, customerId, conversationId, channel, locale, accessGroups,
priority, history; other fields are kept as metadata. The exit code is 1 when a request has no outcome.

Examples:
  ./concord send --text "When can I call you on Saturday?" --customer C-17 --wait
  ./concord send --file requests.jsonl --wait --json > outcomes.jsonl`,
    )
    .action(send)
}

async function send(options: Options): Promise<void> {
  const requests = await requestsOf(options)
  await using client = await openClient()
  if (options.wait === true) await sendAndTell(client, requests, options)
  else {
    await inTurn(requests, options.inFlight, async (request) => {
      await client.send(request)
      if (options.json === true) printJson({ requestId: request.requestId })
      else print(request.requestId)
    })
  }
}

async function requestsOf(options: Options): Promise<Request[]> {
  const { tenantId } = settings()
  const { text, file, customer, conversation, requestId, locale, limit } = options
  if ((text === undefined) === (file === undefined)) {
    throw new Fault('invalid_input', 'a request is missing.', { mend: 'Give either --text or --file.' })
  }
  if (file !== undefined) return readRequestFile(file, tenantId, limit)
  const fields = { text, customerId: customer, conversationId: conversation, requestId, locale }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return [parseRequest(Object.fromEntries(given), tenantId, '--text')]
}

async function sendAndTell(client: Client, requests: readonly Request[], options: Options): Promise<void> {
  const { until, inFlight, json = false } = options
  const seconds = options.timeout ?? (until === 'final' ? finalSeconds : noticeSeconds)
  const bar = progressBar(requests.length, requests.length > 1)
  const started = performance.now()
  const { results, missing } = await sendAndWait({
    client,
    requests,
    until,
    inFlight,
    idleMs: seconds * 1_000,
    clock: systemClock,
    onResult(result, done) {
      if (json) printJson(result)
      bar.update(done)
    },
  }).finally(() => bar.stop())
  const [only] = results
  if (!json && requests.length === 1 && only !== undefined) print(renderResult(only))
  else if (!json && results.length > 0) print(renderResults(results, performance.now() - started))
  if (missing.length > 0) throw withoutOutcome(missing, requests.length, seconds)
}

function withoutOutcome(missing: readonly string[], of: number, seconds: number): Fault {
  const named = missing.slice(0, mostNamed).join(', ') + (missing.length > mostNamed ? ', …' : '')
  const what = `${missing.length} of ${of} requests have no outcome, ${seconds} s after the last: ${named}.`
  return new Fault('deadline_exceeded', what, { mend: 'Look at ./concord lag, and at ./concord trace of one of them.' })
}
