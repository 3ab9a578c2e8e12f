/** What the command line asks for. */
import { parseArgs } from 'node:util'

/** One seed, with its history. */
export interface OneSeed {
  kind: 'one'
  seed: number
}

export interface ManySeeds {
  kind: 'many'
  from: number
  seeds: number
  workers: number
  /** The first violation ends it. */
  untilFound: boolean
}

export type Options = OneSeed | ManySeeds

/** @throws RangeError that names the option, and what it must be. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      'until-found': { type: 'boolean', default: false },
    },
  })
  if (values.seed !== undefined && values.seed !== '') return { kind: 'one', seed: whole('seed', values.seed, 0) }
  return {
    kind: 'many',
    from: whole('from', values.from, 0),
    seeds: whole('seeds', values.seeds, 1),
    workers: whole('workers', values.workers, 1),
    untilFound: values['until-found'],
  }
}

function whole(name: string, text: string, least: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new RangeError(`--${name} is '${text}'; it must be a whole number from ${least} on.`)
}
