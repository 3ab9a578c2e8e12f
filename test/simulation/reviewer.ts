/** The people of a run: they decide what is escalated, some of them badly, and at the end all of it. */
import {
  contentHash,
  decisions,
  escalations,
  messageHeaders,
  nextEnvelope,
  partitionKey,
  traceOf,
  type Decision,
  type Escalation,
  type TraceContext,
} from '@concord/contracts'
import { escalatedIndex } from '@concord/dev-env'
import type { OutRecord } from '@concord/messaging'
import type { Chance } from './chance.ts'
import type { Stage } from './stage.ts'

type Verdict = Pick<Decision, 'decision' | 'text' | 'reviewer'>

/** What the reviewer's screen reads of a case in the store. */
interface StoredCase {
  state: { status: string; escalation: Escalation }
  trace: TraceContext
}

const closingRoundMs = 5_000
const thinkingMs = [300, 15_000] as const

export function startReviewer(stage: Stage): void {
  const { clock, fixtures, plan } = stage
  const chance = stage.chance.fork('reviewer')
  const happens = (kind: 'double-click' | 'second-opinion' | 'stale-decision' | 'bad-edit'): boolean => {
    if (!stage.isRough() || !chance.happens(plan.rates[kind] ?? 0)) return false
    stage.count(kind)
    return true
  }

  stage.watch(escalations.name, (record) => void review(record))
  const closing = (): void => {
    if (!stage.isRough()) void closeAll()
    clock.after(closingRoundMs, closing)
  }
  clock.after(closingRoundMs, closing)

  async function review(record: OutRecord): Promise<void> {
    const escalation = await fixtures.codec.decode(escalations, record.value)
    if (chance.happens(0.15)) return // until somebody closes it at the end
    await clock.sleep(chance.whole(...thinkingMs))
    const verdict = verdictOn(escalation, chance, happens('bad-edit'))
    const version = escalation.caseVersion - (happens('stale-decision') ? 1 : 0)
    const trace = traceOf(record.headers as Record<string, string>, escalation.envelope)
    const clicked = await decisionRecord(stage, escalation, verdict, version, trace)
    await send(clicked)
    if (happens('double-click')) {
      await clock.sleep(chance.whole(0, 2_000))
      await send(clicked)
    }
    if (happens('second-opinion')) {
      await clock.sleep(chance.whole(0, 2_000))
      const other = { ...verdictOn(escalation, chance, false), reviewer: 'lea' }
      await send(await decisionRecord(stage, escalation, other, escalation.caseVersion, trace))
    }
  }

  /** Whatever still waits is turned down as it stands. */
  async function closeAll(): Promise<void> {
    const waiting = await stage.store.range(escalatedIndex, { limit: 1_000 })
    for (const { key } of waiting) {
      const stored = await stage.store.get(key)
      const read = JSON.parse(stored?.value ?? 'null') as StoredCase | null
      if (read?.state.status !== 'escalated') continue
      const { state, trace } = read
      const verdict: Verdict = { decision: 'reject', text: null, reviewer: 'closer' }
      await send(await decisionRecord(stage, state.escalation, verdict, state.escalation.caseVersion, trace))
    }
  }

  async function send(record: OutRecord): Promise<void> {
    if (stage.isOver()) return
    await stage.append('reviewer', [record]).catch(() => undefined) // a person tries again, or does not
  }
}

function verdictOn({ draft }: Escalation, chance: Chance, badly: boolean): Verdict {
  const reviewer = 'kim'
  if (badly) return { decision: 'edit', text: `${draft ?? ''} You get 12345 EUR within 1 day, we promise.`, reviewer }
  const text = 'Thank you for your message. A colleague will get in touch with you.'
  const choices: Verdict[] = [
    { decision: 'reject', text: null, reviewer },
    { decision: 'respond', text, reviewer },
  ]
  if (draft !== null) choices.push({ decision: 'approve', text: null, reviewer }, { decision: 'edit', text: draft, reviewer })
  return chance.pick(choices)
}

async function decisionRecord(
  { fixtures, clock }: Stage,
  escalation: Escalation,
  { decision, text, reviewer }: Verdict,
  caseVersion: number,
  trace: TraceContext,
): Promise<OutRecord> {
  const { envelope: from, shownHash } = escalation
  const envelope = nextEnvelope(from, {
    agent: `queue/${reviewer}`,
    noun: `decisions/${decision}/${contentHash([text, null])}`,
    version: '1.0.0',
    domainVersion: fixtures.domain.version,
    revision: Math.max(0, caseVersion),
    now: clock.now(),
  })
  const value: Decision = { envelope, decision, text, reason: null, caseVersion, shownHash, reviewer }
  const { messageId, requestId } = envelope
  return {
    topic: decisions.name,
    key: partitionKey(envelope),
    value: await fixtures.codec.encode(decisions, value),
    headers: messageHeaders({ topic: decisions.name, messageId, source: 'queue', requestId, time: clock.now(), trace }),
  }
}
