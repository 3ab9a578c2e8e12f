/** What a run measures, from the environment: everything, unless told otherwise. */
import { Fault } from '@concord/contracts'

/** The parts, by the letters of the table. Throughput needs the relays, so `a` and `b` run together. */
export const partNames = ['a', 'b', 'c', 'd', 'e'] as const
export type PartName = (typeof partNames)[number]

export interface BenchConfig {
  only: ReadonlySet<PartName>
  /** Times that each figure is taken, one after the other with those beside it. */
  rounds: number
  /** Multiplies the sizes: below 1 for a quick look. */
  scale: number
}

/** @throws Fault `invalid_config` naming the variable, its rule and the mend. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): BenchConfig {
  return {
    only: partsOf(env['ONLY'] || partNames.join(',')),
    rounds: numberOf(env, 'ROUNDS', { or: 3, least: 1, most: 20, whole: true }),
    scale: numberOf(env, 'SCALE', { or: 1, least: 0.01, most: 100, whole: false }),
  }
}

function partsOf(text: string): Set<PartName> {
  const named = text.split(',').map((part) => part.trim())
  const unknown = named.find((name) => !partNames.includes(name as PartName))
  if (unknown === undefined) return new Set(named as PartName[])
  throw new Fault('invalid_config', `ONLY names ${JSON.stringify(unknown)}.`, {
    mend: `Name parts of ${partNames.join(', ')}, with commas between.`,
  })
}

interface Bounds {
  or: number
  least: number
  most: number
  whole: boolean
}

function numberOf(env: NodeJS.ProcessEnv, name: string, { or, least, most, whole }: Bounds): number {
  const value = Number(env[name] || or)
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
  throw new Fault('invalid_config', `${name} is ${JSON.stringify(env[name])}.`, {
    mend: `Give a ${whole ? 'whole number' : 'number'} from ${least} to ${most}.`,
  })
}
