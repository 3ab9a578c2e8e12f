import fc from 'fast-check'
import { expect, test } from 'vitest'
import { letters, story, wholeLog, type Step } from '../testing/delivery-story.ts'

type Story = Awaited<ReturnType<typeof story>>

const just = <T extends string>(...names: T[]) => fc.constantFrom(...names)
const which = fc.nat(20)
const member = fc.nat(4)
const ms = fc.constantFrom(1, 100, 500, 3_000, 11_000)

/** What happens to a group every day: nobody dies, and nobody falls silent. */
const gentle: fc.Arbitrary<Step>[] = [
  fc.record({ do: just('send'), key: fc.nat(letters.length - 1) }),
  fc.record({ do: just('send'), key: fc.nat(letters.length - 1) }),
  fc.record({ do: just('finish'), which }),
  fc.record({ do: just('finish'), which }),
  fc.record({ do: just('retry', 'fail'), which }),
  fc.record({ do: just('join') }),
  fc.record({ do: just('leave'), member }),
  fc.record({ do: just('pause', 'resume'), member, reason: fc.nat(1) }),
  fc.record({ do: just('wait'), ms }),
]
const rough: fc.Arbitrary<Step>[] = [
  ...gentle,
  fc.record({ do: just('expire', 'crash', 'freeze', 'thaw'), member }),
  fc.record({ do: just('outage'), ms }),
]
/** Steps, and whether all that follows from one has happened before the next. */
type Script = readonly (readonly [Step, boolean])[]
const scripts = (steps: fc.Arbitrary<Step>[]): fc.Arbitrary<Script> =>
  fc.array(fc.tuple(fc.oneof(...steps), fc.boolean()), { minLength: 5, maxLength: 60 })

/** Looks after every step: a commit never goes back, and all below it is done. */
function watchCommits({ committed, done }: Story) {
  let before = [-1, -1, -1]
  return async (): Promise<void> => {
    const now = await committed()
    const all = new Set(done)
    for (const [partition, offset] of now.entries()) {
      const last = before[partition] ?? -1
      expect(offset, 'a commit never goes back').toBeGreaterThanOrEqual(last)
      for (let below = Math.max(0, last); below < offset; below++) expect(all).toContain(`${partition}/${below}`)
    }
    before = now
  }
}

/** Lets the script happen, then leaves the group in peace until nothing is left to do. @returns the values as they were done. */
async function run(script: Script) {
  const group = await story()
  const check = watchCommits(group)
  await group.happen({ do: 'join' })
  for (const [step, settled] of script) {
    const happening = group.happen(step)
    if (!settled && step.do !== 'outage') continue
    await happening
    await group.settle()
    await check()
  }
  await group.settle()
  await endInPeace(group)
  await check()
  const log = await wholeLog(group)
  return { ...group, values: group.done.map((place) => log.get(place) ?? '') }
}

async function endInPeace({ broker, clock, members, sent, done, finish, allInFlight }: Story): Promise<void> {
  for (const { name, it } of members.alive()) {
    broker.thaw(name)
    for (const reason of [0, 1]) it.delivery.resumeAll(`reason ${reason}`)
  }
  // The quiet is longer than any session or back-off: whoever still finds out that it was replaced gets its records again.
  for (let round = 0, quiet = 0; round < 400 && quiet < 20; round++) {
    for (const open of allInFlight()) finish(open)
    await clock.advance(1_000)
    quiet = new Set(done).size === sent.length && allInFlight().length === 0 ? quiet + 1 : 0
  }
}

test('whatever happens to a group, all is handled, in order per key, nothing is committed early, and nothing stays paused', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(rough), async (script) => {
      const { sent, values, members, committed, admin } = await run(script)
      expect(new Set(values)).toEqual(new Set(sent))
      for (const letter of letters) {
        const numbers = [...new Set(values)].filter((value) => value.startsWith(letter)).map((value) => Number(value.slice(1)))
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
      const ends = (await admin.topicOffsets('topic')).map(({ high }) => high)
      expect((await committed()).map((offset) => Math.max(0, offset))).toEqual(ends)
      for (const { it } of members.alive()) {
        expect(it.delivery.stats()).toMatchObject({ inFlight: 0, queued: 0, waiting: 0, pausedPartitions: 0 })
        expect(it.delivery.health()).toEqual({ ok: true })
      }
      expect(members.alive().flatMap(({ it }) => it.delivery.partitions())).toHaveLength(3)
    }),
    { numRuns: 150 },
  )
}, 120_000)

test('where members only come, go and pause, everything is handled once', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(gentle), async (script) => {
      const { sent, values } = await run(script)
      expect(values.toSorted()).toEqual(sent.toSorted())
    }),
    { numRuns: 150 },
  )
}, 120_000)
