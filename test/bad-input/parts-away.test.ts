/** A part that is away when a service starts: it waits, not ready, and names it; then it does its work. */
import { Fault } from '@concord/contracts'
import type { Deps } from '@concord/runtime'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld } from '../e2e/world.ts'

type Part = 'broker' | 'registry' | 'store'

/** The ports of one replica, each of which a test can take away. */
function removable(deps: Deps, gone: ReadonlySet<Part>): Deps {
  const guarded = <T extends object>(part: Part, port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          if (!gone.has(part) || name === 'consumer' || name === 'close') return Reflect.apply(member, target, args)
          return Promise.reject(new Fault(`${part}_unavailable`, `the ${part} does not answer.`, { retryable: true }))
        }
      },
    })
  return {
    ...deps,
    broker: guarded('broker', deps.broker),
    registry: guarded('registry', deps.registry),
    store: guarded('store', deps.store),
  }
}

const question = 'How many days do I have to return shoes?'

for (const part of ['broker', 'registry', 'store'] as const) {
  for (const name of ['triage', 'coordinator'] as const) {
    test(`${name} waits for the ${part}, names it, and answers what came meanwhile`, async () => {
      const gone = new Set<Part>()
      const world = await startWorld({ adapt: (deps, { clientId }) => (clientId === 'late' ? removable(deps, gone) : deps) })
      await world.constellation.end(`${name}-0`)
      gone.add(part)
      const starting = world.constellation.start(name, 'late')
      const request = world.request({ text: question })
      await world.send(request)
      const late = world.constellation.services.at(-1)
      await eventually(() => expect(late?.missing()).toEqual([part]))
      expect(late?.health()).toEqual({ ok: true })
      expect(world.of(request.requestId, 'replies')).toEqual([])
      gone.clear()
      await starting
      expect(late?.missing()).toEqual([])
      expect(await world.outcomes.waitFor(request)).toMatchObject({ outcome: 'answered' })
    }, 15_000)
  }
}

test('a broker that goes away in the middle holds everything up and loses nothing', async () => {
  const world = await startWorld()
  const asked = Array.from({ length: 20 }, (_, at) => world.request({ text: `${question} (${at})` }))
  await world.send(...asked)
  await world.outcomes.waitFor(asked[0]!)
  world.broker.setAvailable(false)
  await eventually(() => expect(world.constellation.services.some((service) => service.missing().includes('broker'))).toBe(true))
  world.broker.setAvailable(true)
  const results = await Promise.all(asked.map((request) => world.outcomes.waitFor(request)))
  expect(results.map(({ outcome }) => outcome)).toEqual(asked.map(() => 'answered'))
  expect(await world.deadLetters()).toEqual([])
}, 20_000)

test('a store that goes away in the middle holds everything up and loses nothing', async () => {
  const gone = new Set<Part>()
  const world = await startWorld({ adapt: (deps) => removable(deps, gone) })
  const asked = Array.from({ length: 20 }, (_, at) => world.request({ text: `${question} (${at})` }))
  await world.send(...asked)
  await world.outcomes.waitFor(asked[0]!)
  gone.add('store')
  await eventually(() => expect(world.constellation.services.some((service) => service.missing().includes('store'))).toBe(true))
  gone.clear()
  const results = await Promise.all(asked.map((request) => world.outcomes.waitFor(request)))
  expect(results.map(({ outcome }) => outcome)).toEqual(asked.map(() => 'answered'))
  expect(await world.deadLetters()).toEqual([])
}, 20_000)

test('a service that meets an unregistered schema does not start, and says which command mends it', async () => {
  const unregistered: Deps['registry']['idOf'] = (subject) =>
    Promise.reject(new Fault('schema_unregistered', `${subject} is not registered.`, { mend: 'Run ./concord schemas register.' }))
  const world = await startWorld({
    adapt: (deps, { clientId }) => {
      if (clientId !== 'late') return deps
      const codec = { ...deps.codec, prepare: () => unregistered('concord.triage.v1-value', 'string') as Promise<never> }
      return { ...deps, codec }
    },
  })
  await expect(world.constellation.start('triage', 'late')).rejects.toThrow('Run ./concord schemas register.')
  expect(world.constellation.services.at(-1)?.missing()).toEqual(['schema'])
  expect(await world.ask(world.request({ text: question }))).toMatchObject({ outcome: 'answered' })
})
