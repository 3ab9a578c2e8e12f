/** Puts one known bug after the other into a copy of the sources, and sees whether the simulation finds it: `make mutations`. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { hunt, isCleanHere, listMutations, withMutant, type Found, type Mutation } from './mutant.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '2' },
  },
})
const options = { from: 1, seeds: Number(values.seeds), workers: Number(values.workers) }
const wanted = values.only.split(',').filter((name) => name !== '')
const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function judge(mutation: Mutation): Promise<boolean> {
  const found = await withMutant(mutation, (copy) => hunt(copy, options))
  const clean = found !== null && (await isCleanHere(found.seed))
  print(`${mutation.name.padEnd(26)} ${verdict(found, clean)}`)
  return clean
}

/** @param clean whether the sources without the bug pass the seed that found it */
function verdict(found: Found | null, clean: boolean): string {
  if (found === null) return `MISSED in ${options.seeds} seeds`
  if (!clean) return `NOT JUDGED: seed ${found.seed} is not clean without it either`
  return `found at seed ${found.seed} by '${found.invariant}': ${found.what.slice(0, 120)}`
}

const mutations = (await listMutations()).filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const unknown = wanted.filter((name) => !mutations.some((mutation) => mutation.name === name))
if (unknown.length > 0) throw new RangeError(`there is no mutation ${unknown.join(', ')}.`)
let missed = 0
for (const mutation of mutations) if (!(await judge(mutation))) missed++
print(`${mutations.length} bugs, ${missed} missed`)
process.exitCode = missed === 0 ? 0 : 1
