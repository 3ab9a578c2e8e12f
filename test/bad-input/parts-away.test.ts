/** A part that is away, slow, or has lost what it knew: services wait, not ready, and say why; then they do their work. */
import { Fault, type Request } from '@concord/contracts'
import type { Deps } from '@concord/runtime'
import { createMemoryStore, type MemoryStore } from '@concord/store'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, type World } from '../e2e/world.ts'

const parts = ['broker', 'registry', 'store'] as const
type Part = (typeof parts)[number]

/** The ports of one replica; `meddle` comes before each call of one, and may reject instead of it. */
function meddled(deps: Deps, meddle: (part: Part) => Promise<void>): Deps {
  const guarded = <T extends object>(part: Part, port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(member, target, args)
          return name === 'consumer' || name === 'close' || name === 'read' ? call() : meddle(part).then(call)
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

/** Each part can be taken away. */
const removable = (deps: Deps, gone: ReadonlySet<Part>): Deps =>
  meddled(deps, async (part) => {
    if (gone.has(part)) throw new Fault(`${part}_unavailable`, `the ${part} does not answer.`, { retryable: true })
  })

/** Twenty requests are under way, and the first of them is answered. */
async function underLoad(world: World): Promise<Request[]> {
  const asked = Array.from({ length: 20 }, (_, at) => world.request({ text: `${question} (${at})` }))
  await world.send(...asked)
  await world.outcomes.waitFor(asked[0]!)
  return asked
}

async function expectAllAnswered(world: World, asked: readonly Request[]): Promise<void> {
  const results = await Promise.all(asked.map((request) => world.outcomes.waitFor(request)))
  expect(results.map(({ outcome }) => outcome)).toEqual(asked.map(() => 'answered'))
  for (const request of asked) expect(world.outcomes.outcomeIds(request).size, request.requestId).toBe(1)
  expect(await world.deadLetters()).toEqual([])
}

const missing = (world: World): string[] => world.constellation.services.flatMap((service) => service.missing())

const question = 'How many days do I have to return shoes?'

for (const part of parts) {
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
  const asked = await underLoad(world)
  world.broker.setAvailable(false)
  await eventually(() => expect(missing(world)).toContain('broker'))
  world.broker.setAvailable(true)
  await expectAllAnswered(world, asked)
}, 20_000)

test('a store that goes away in the middle holds everything up and loses nothing', async () => {
  const gone = new Set<Part>()
  const world = await startWorld({ adapt: (deps) => removable(deps, gone) })
  const asked = await underLoad(world)
  gone.add('store')
  await eventually(() => expect(missing(world)).toContain('store'))
  gone.clear()
  await expectAllAnswered(world, asked)
}, 20_000)

test('a registry that goes away in the middle is not missed: the schemas are known', async () => {
  const gone = new Set<Part>()
  const world = await startWorld({ adapt: (deps) => removable(deps, gone) })
  const asked = await underLoad(world)
  gone.add('registry')
  await expectAllAnswered(world, asked)
  expect(await world.ask(world.request({ text: question }))).toMatchObject({ outcome: 'answered' })
}, 20_000)

for (const part of parts) {
  test(`a ${part} of which each call takes 20 ms slows everything down and loses nothing`, async () => {
    const slow = new Set<Part>()
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 20))
    const world = await startWorld({ adapt: (deps) => meddled(deps, async (called) => (slow.has(called) ? wait() : undefined)) })
    const asked = await underLoad(world)
    slow.add(part)
    await expectAllAnswered(world, asked)
  }, 20_000)
}

const losses: [string, (store: MemoryStore) => void][] = [
  ['is wiped', (store) => store.wipe()],
  ['is set back by its last second', (store) => store.rewind(1_000)],
  ['starts again', (store) => store.restart()],
]
test.each(losses)(
  'while the cases of a store that %s are rebuilt, the coordinator waits and says so, and nothing is lost',
  async (_, lose) => {
    const store = createMemoryStore({ rewindableMs: 5_000 })
    const gate = { open: Promise.resolve() }
    const world = await startWorld({
      ports: { store },
      adapt: (deps) => ({
        ...deps,
        broker: {
          producer: (options) => deps.broker.producer(options),
          consumer: (options) => deps.broker.consumer(options),
          admin: () => deps.broker.admin(),
          async *read(...args) {
            await gate.open
            yield* deps.broker.read(...args)
          },
        },
      }),
    })
    const asked = await underLoad(world)
    const { promise, resolve } = Promise.withResolvers<void>()
    gate.open = promise
    lose(store)
    await eventually(() => expect(missing(world)).toEqual(['state: rebuilding cases of partition 0, 1, 2, 3, 4, 5']))
    const late = world.request({ text: question })
    await world.send(late)
    await eventually(() => expect(world.of(late.requestId, 'triage')).toHaveLength(1))
    expect(world.of(late.requestId, 'case-events')).toEqual([])
    resolve()
    await expectAllAnswered(world, [...asked, late])
    expect(missing(world)).toEqual([])
  },
  20_000,
)

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
