import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, Scene } from './fault.ts'
import { partFaults } from './parts.ts'
import { serviceFaults } from './services.ts'

const calmMs = 10_000

export const calm: Fault = {
  name: 'none',
  what: 'nothing happens, for comparison',
  strike: () => sleep(calmMs),
}

const single = [calm, ...serviceFaults, ...partFaults]

/** Begun a moment apart, so that one strikes what the other has shaken. Milliseconds. */
const apartMs = 1_500

/** @param names of single faults */
export function together(name: string, what: string, names: readonly string[]): Fault {
  const faults = names.map((wanted) => {
    const found = single.find((fault) => fault.name === wanted)
    if (found === undefined) throw new Error(`there is no fault ${wanted}`)
    return found
  })
  const strikeLater = async (scene: Scene, fault: Fault, ms: number): Promise<void> => {
    await sleep(ms)
    await fault.strike(scene)
  }
  return {
    name,
    what,
    strike: async (scene) => void (await Promise.all(faults.map((fault, at) => strikeLater(scene, fault, at * apartMs)))),
  }
}

export const catalogue: readonly Fault[] = [
  ...single,
  together('broker-and-coordinator', 'a broker and the coordinator killed together', ['broker-kill', 'kill-coordinator']),
  together('wipe-and-storm', 'Redis wiped in a storm of rebalances', ['rebalance-storm', 'redis-wiped']),
  together('cut-and-kill', 'triage and response killed while every connection is cut', [
    'connections-cut',
    'kill-triage',
    'kill-response',
  ]),
]

/** @param only names with commas; empty for all but the extra ones. @throws Error that names what is unknown, and what there is */
export function chosenFaults(only: string): readonly Fault[] {
  const names = only
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const unknown = names.filter((name) => !catalogue.some((fault) => fault.name === name))
  if (unknown.length > 0) {
    throw new Error(`no fault is called ${unknown.join(', ')}. There are: ${catalogue.map(({ name }) => name).join(', ')}.`)
  }
  return names.length === 0
    ? catalogue.filter(({ isExtra }) => isExtra !== true)
    : catalogue.filter(({ name }) => names.includes(name))
}
