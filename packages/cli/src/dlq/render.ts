/** What an operator reads: the list of dead letters, one of them, and what a replay would do. */
import { duration } from '../ages.ts'
import { table } from '../table.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { LetterPage } from './page.ts'
import type { PlannedReplay } from './plan.ts'
import { prospectOf } from './standing.ts'

const ago = (at: number, now: number): string => `${duration(Math.max(0, now - at))} ago`

const isOpen = ({ settlements }: DeadLetter): boolean => settlements.length === 0

/** Of a page; ids are never cut, because they are copied. */
const pageWidth = 120
const most = { age: 7, class: 18, request: 14, state: 9 }

const head = ['letter', 'age', 'class', 'request', 'state', 'reason']

export function renderLetters(letters: readonly DeadLetter[], now: number): string {
  if (letters.length === 0) return 'No dead letter fits.'
  const rows = letters.map((letter) => [
    letter.id,
    duration(Math.max(0, now - letter.at)),
    letter.errorClass,
    letter.requestId ?? '?',
    stateOf(letter),
    oneLine(reasonOf(letter)),
  ])
  const others = [Infinity, most.age, most.class, most.request, most.state].map((least, column) =>
    Math.min(least, Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0))),
  )
  const used = others.reduce((sum, width) => sum + width + 2, 0)
  const widths = [...others, Math.max(16, pageWidth - used)]
  const shown = table(head, rows, widths)
  return `${shown}\n\n${renderSummary(letters)}\nLook at one: ./concord dlq show LETTER`
}

/** Without what the other columns say already: the class, and the topic. */
const reasonOf = ({ errorClass, message, original }: DeadLetter): string =>
  [errorClass, original.topic].reduce(
    (text, said) => (text.startsWith(`${said}: `) ? text.slice(said.length + 2) : text),
    message,
  )

function stateOf({ settlements, replays }: DeadLetter): string {
  const last = settlements.at(-1)
  if (last !== undefined) return last.action
  return replays === 0 ? 'open' : `back (${replays})`
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')

/** Open letters by agent and class. */
export function summaryOf(letters: readonly DeadLetter[]): { agent: string; class: string; count: number }[] {
  const open = Map.groupBy(letters.filter(isOpen), ({ group, errorClass }) => `${group} ${errorClass}`)
  return [...open].map(([name, own]) => {
    const [agent = '', errorClass = ''] = name.split(' ')
    return { agent, class: errorClass, count: own.length }
  })
}

function renderSummary(letters: readonly DeadLetter[]): string {
  const open = letters.filter(isOpen).length
  const settled = letters.length - open
  const agents = [...Map.groupBy(summaryOf(letters), ({ agent }) => agent)].map(
    ([agent, own]) => `${agent} ${own.map(({ class: name, count }) => `${name} ${count}`).join(', ')}`,
  )
  const rest = settled === 0 ? '' : `; ${settled} settled`
  return `${open} open${agents.length === 0 ? '' : `: ${agents.join(' · ')}`}${rest}`
}

export function renderLetter({ letter, standing, stack, headers, message }: LetterPage, now: number): string {
  const { original, group, serviceVersion, attempts, firstFailureAt } = letter
  const known = standing === null ? 'not told by the message' : `${standing.requestId}: ${standing.outcome ?? standing.status}`
  const facts: [string, string][] = [
    [
      'given up by',
      `${group} ${serviceVersion}, ${ago(letter.at, now)}, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    ],
    ['failing since', timeOf(firstFailureAt)],
    ['because', `${oneLine(letter.message)}${letter.retriable ? ' (might have passed)' : ''}`],
    ['message', `${original.topic}/${original.partition}/${original.offset}, written ${timeOf(original.timestamp)}`],
    ['key', letter.key ?? 'none'],
    ['trace', letter.traceId ?? 'none'],
    ['case', known],
    ['replayed', letter.replays === 0 ? 'never' : `${letter.replays} times before this letter`],
    ...letter.settlements.map(({ action, by, at, reason }): [string, string] => [
      action,
      `by ${by} at ${timeOf(at)}${reason === '' ? '' : `: ${reason}`}`,
    ]),
    ['a replay', prospectOf(letter, standing, now).says],
  ]
  return [
    letter.id,
    ...facts.map(([name, text]) => `  ${name.padEnd(14)} ${text}`),
    ...section(
      'headers',
      headers.flatMap(({ name, values }) => values.map((value) => `${name}: ${value}`)),
    ),
    ...section('message', messageLines(message)),
    ...section('stack', stack === '' ? [] : stack.split('\n').map((line) => line.trim())),
  ].join('\n')
}

function messageLines(message: LetterPage['message']): string[] {
  if ('value' in message) return JSON.stringify(message.value, null, 2).split('\n')
  const { unreadable, hex } = message
  return [`It cannot be read: ${unreadable}`, ...(hex === null ? [] : [`It begins with the bytes ${hex || '(none)'}.`])]
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]

const timeOf = (at: number): string => (Number.isFinite(at) ? new Date(at).toISOString() : 'unknown')

/** What will be sent, what will not, and what will change nothing. */
export function renderPlan(planned: readonly PlannedReplay[]): string {
  const sent = planned.filter(({ refused }) => refused === null)
  const idle = sent.filter(({ prospect }) => prospect.effect === 'nothing').length
  const rows = planned.map(({ letter, prospect, refused }) => [
    letter.id,
    letter.requestId ?? '?',
    refused === null ? `${letter.original.topic}/${letter.original.partition}` : 'not sent',
    refused === null ? prospect.says : `Refused: ${refused}`,
  ])
  return [
    table(['letter', 'request', 'goes to', 'what comes of it'], rows, [Infinity, most.request, Infinity, Infinity]),
    '',
    `${sent.length} to be sent, of which ${idle} will change nothing; ${planned.length - sent.length} refused.`,
  ].join('\n')
}
