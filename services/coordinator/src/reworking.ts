/** Asking an agent again, because what its answer rests on has changed. */
import type { Finding } from '@concord/contracts'
import type { Course } from './course.ts'
import { escalate, openState } from './ending.ts'
import { rework, reworkOutput, type Making } from './messages.ts'

const maxReworks = 2

export interface Change {
  /** What was found, settled by the rework. */
  findings: Finding[]
  /** A sentence. */
  why: string
  /** What has changed, by id. */
  changed: readonly string[]
}

export function askAgain(making: Making, so: Course, agent: 'knowledge' | 'policy', { findings, why, changed }: Change): Course {
  const { file } = openState(so)
  const spent = file.reworks >= maxReworks || making.now >= file.envelope.deadline
  const noted = so.add({
    type: 'compared',
    findings: spent ? findings.map((finding) => ({ ...finding, settledBy: null })) : findings,
    reason: why,
    outputs: [],
  })
  if (spent) return escalate(making, noted, 'contradiction', `${why} There is no time or no rework left to ask ${agent} again.`)
  const ids = [file[agent]?.id, ...changed].filter((id) => id !== undefined)
  const value = rework(making, file, agent, `${why} Answer again on what is so now.`, [...new Set(ids)].slice(0, 50))
  const { revision } = value.envelope
  return noted.add({
    type: 'rework_asked',
    agent,
    revision,
    reason: `${agent} is asked again. ${why}`,
    outputs: [reworkOutput(value)],
  })
}
