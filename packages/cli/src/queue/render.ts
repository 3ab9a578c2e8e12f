/** What a reviewer reads: the list, and one case with its conflict and the evidence on one screen. */
import type { Escalation, Money } from '@concord/contracts'
import type { WaitingCase } from '../client/client.ts'
import { table } from '../table.ts'

export function renderQueue(cases: readonly WaitingCase[], now: number): string {
  if (cases.length === 0) return 'No case waits for a person.'
  const rows = cases.map(({ requestId, escalation }) => [
    requestId,
    escalation.reason,
    until(escalation.slaAt, now),
    escalation.envelope.request.priority,
    escalation.summary.replaceAll(/\s+/g, ' '),
  ])
  return `${table(['request', 'why', 'decide', 'priority', 'summary'], rows, 72)}\n\nLook at one: ./concord queue show REQUEST_ID`
}

export function renderCase({ requestId, escalation }: WaitingCase, now: number): string {
  const { envelope, reason, summary, consequence, draft, citations, caseVersion, slaAt } = escalation
  const { request, customerId } = envelope
  const ways = draft === null ? ['respond', 'reject'] : ['approve', 'edit', 'respond', 'reject']
  return [
    `${requestId}, version ${caseVersion}: ${reason}, decide ${until(slaAt, now)}`,
    '',
    ...section(`${customerId ?? 'somebody'} wrote (${request.locale}, ${request.priority})`, [
      ...request.history.map(({ role, text }) => `(earlier, ${role}) ${text}`),
      request.text,
    ]),
    ...section('why a person is asked', [summary]),
    ...section('what it would do', consequence === '' ? [] : [consequence]),
    ...section('conflicts', escalation.findings.flatMap(conflict)),
    ...section('verdicts', escalation.verdicts.map(verdict)),
    ...section('the draft', draft === null ? ['There is none: write the reply yourself.'] : [draft]),
    ...section(
      'it rests on',
      citations.map(({ source }) => source),
    ),
    `Decide: ./concord queue ${ways.join('|')} ${requestId} --version ${caseVersion}`,
  ].join('\n')
}

function conflict({ layer, severity, sentence, left, right, settledBy }: Escalation['findings'][number]): string[] {
  return [
    `[${layer}, ${severity}] ${sentence} Settled by: ${settledBy ?? 'nobody'}.`,
    ...[left, right].map((side) => `    ${side.agent}: ${side.statement}   [${side.ref}]`),
  ]
}

function verdict({ effect, action, subject, rule, reason, amount, obligations }: Escalation['verdicts'][number]): string {
  const sum = amount === null ? '' : `, ${moneyText(amount)}`
  const duties = obligations.map(({ text }) => ` Must say: ${text}`).join('')
  return `${effect} ${action} for ${subject}${sum}, by ${rule}: ${reason}${duties}`
}

/** In the units that the currency has: cents for most, none for yen. */
function moneyText({ minor, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)).replaceAll('\u00a0', ' ')
}

/** A heading with its lines; nothing where there are none. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`), '']
}

function until(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000)
  return minutes >= 0 ? `within ${minutes} min` : `${-minutes} min ago`
}
