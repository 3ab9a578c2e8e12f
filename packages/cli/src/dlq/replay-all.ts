/** Replays letters one after the other, no faster than told, and says beforehand what will come of it. */
import type { Clock } from '@concord/contracts'
import type { Client } from '../client/client.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { ReplayResult } from './desk.ts'
import { ownersOf, planReplays, type PlannedReplay } from './plan.ts'

export interface ReplayAllOptions {
  client: Client
  clock: Clock
  letters: readonly DeadLetter[]
  by: string
  force: boolean
  /** Most letters a second. */
  perSecond: number
  dryRun: boolean
  /** Called before anything is sent. */
  onPlan(planned: readonly PlannedReplay[]): void
}

/** @returns what became of each, in order; nothing for a dry run */
export async function replayAll(options: ReplayAllOptions): Promise<ReplayResult[]> {
  const { client, clock, letters, by, force, perSecond, dryRun, onPlan } = options
  const standings = await client.standings(ownersOf(letters))
  onPlan(planReplays(letters, standings, { force, now: clock.now() }))
  const results: ReplayResult[] = []
  if (dryRun) return results
  const began = clock.now()
  for (const { id } of letters) {
    const sent = results.filter(({ outcome }) => outcome === 'sent').length
    await clock.sleep(Math.max(0, began + (sent * 1_000) / perSecond - clock.now()))
    results.push(await client.replay({ id, by, force }))
  }
  return results
}
