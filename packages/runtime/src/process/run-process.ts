import type { Fault } from '@concord/contracts'
import type { InRecord, Settled } from '@concord/messaging'
import type { Deps, RunConfig, Running } from '../deps.ts'
import { runShell } from '../run-shell.ts'
import type { Shell } from '../shell.ts'
import { apply } from '../steps/apply.ts'
import { commit } from '../steps/commit.ts'
import { decode } from '../steps/decode.ts'
import { measure } from '../steps/measure.ts'
import { recover } from '../steps/recover.ts'
import { trace } from '../steps/trace.ts'
import { done, pipeline, type Step, type Work } from '../work.ts'
import { createCases, type Cases } from './cases.ts'
import type { Process } from './define-process.ts'
import { createKeeper } from './keeper.ts'
import { createSweep } from './sweep.ts'
import { createSweeper } from './sweeper.ts'
import { unreadableRecords } from './unreadable.ts'

/** A retryable fault that is nobody's absence may hold up its conversation for so long. Milliseconds. */
const giveUpAfterMs = 60_000

/** Consumes, decides, stores, publishes and commits, and fires deadlines, until it is stopped. */
export function runProcess<State, Event>(definition: Process<State, Event>, deps: Deps, config: RunConfig = {}): Running {
  let stop = (): void => undefined
  return runShell({
    manifest: definition,
    publishes: [...definition.produces, definition.journal.topic],
    concurrency: config.concurrency ?? definition.concurrency,
    assignment: 'aligned',
    keyOf,
    giveUpAfterMs,
    usesModel: false,
    handler(shell, delivery) {
      const keeper = createKeeper(shell, definition)
      const cases = createCases(shell, definition, keeper)
      const sweeper = createSweeper(shell, createSweep(shell, cases, keeper, delivery))
      stop = () => (sweeper.stop(), keeper.stop())
      return {
        process: pipeline(processSteps(shell, definition, cases)),
        async onPartitions(change) {
          if (change.kind === 'gained') await keeper.gained(change.partitions)
          sweeper.onPartitions(change)
          if (change.kind === 'lost') keeper.lost(change.partitions)
        },
        health: sweeper.health,
        recover: () => keeper.recover(),
        recovering: () => keeper.reason(),
      }
    },
    onStop: async () => stop(),
    deps,
    config,
  })
}

/** What happens to a message, in order. */
export function processSteps<State, Event>(shell: Shell, definition: Process<State, Event>, cases: Cases<State>): Step[] {
  const giveUp = (work: Work, fault: Fault): Promise<Settled> => abandon(shell, definition, cases, work, fault)
  return [measure(shell), recover(shell, { giveUp }), decode(shell), trace(shell), apply(shell, definition, cases), commit]
}

async function abandon<State, Event>(
  shell: Shell,
  definition: Process<State, Event>,
  cases: Cases<State>,
  work: Work,
  fault: Fault,
): Promise<Settled> {
  await shell.sender.send(await unreadableRecords(shell, definition, cases, work, fault))
  return done
}

/** In order per case across topics: all of a case's messages have one key, and one partition number. */
function keyOf({ partition, key, topic, offset }: InRecord): string {
  return `${partition}:${key === null ? `${topic}@${offset}` : key.toString('latin1')}`
}
