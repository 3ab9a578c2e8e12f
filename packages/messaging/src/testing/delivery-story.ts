/** A group of members whose handlers end when told to, and what may happen to it. */
import type { InRecord } from '../broker.ts'
import { scene } from './delivery-scene.ts'
import { valueOf } from './probe.ts'

export type Step =
  | { do: 'send'; key: number }
  | { do: 'finish' | 'retry' | 'fail'; which: number }
  | { do: 'join' }
  | { do: 'pause' | 'resume'; member: number; reason: number }
  | { do: 'leave' | 'expire' | 'crash' | 'freeze' | 'thaw'; member: number }
  | { do: 'wait' | 'outage'; ms: number }

/** First letters of values: keys of three partitions. */
export const letters = 'abdfgh'
const partitions = 3
const mostMembers = 4

export const placeOf = ({ partition, offset }: Pick<InRecord, 'partition' | 'offset'>): string => `${partition}/${offset}`

type Scene = Awaited<ReturnType<typeof scene>>
type Member = ReturnType<Scene['member']>
type Open = Member['open'] extends Map<string, infer T> ? T : never

export async function story() {
  const scenery = await scene({ partitions })
  const sent: string[] = []
  /** Places of records, in the order in which they were done. */
  const done: string[] = []
  const members = createMembers(scenery)

  /** As the pipeline does, every handler asks first whether it may publish. */
  function finish(open: Open | undefined): void {
    if (open === undefined) return
    try {
      if (open.context.signal.aborted) return open.retry(0)
      open.context.assertOwned()
    } catch {
      return open.retry(50)
    }
    done.push(placeOf(open.record))
    open.done()
  }

  async function send(key: number): Promise<void> {
    const value = `${letters.charAt(key)}${sent.length}`
    sent.push(value)
    await scenery.send(value).catch(() => void sent.pop())
  }

  async function happen(step: Step): Promise<void> {
    switch (step.do) {
      case 'send':
        return send(step.key)
      case 'finish':
        return finish(members.open(step.which))
      case 'retry':
        return members.open(step.which)?.retry(100)
      case 'fail':
        return members.open(step.which)?.fail(new Error('no'))
      case 'wait':
        return scenery.clock.advance(step.ms)
      case 'outage':
        return outage(scenery, step.ms)
      default:
        return members.happen(step)
    }
  }

  return { ...scenery, sent, done, members, finish, happen, allInFlight: () => members.allOpen() }
}

async function outage({ broker, clock }: Scene, ms: number): Promise<void> {
  broker.setAvailable(false)
  await clock.advance(ms)
  broker.setAvailable(true)
}

type MemberStep = Extract<Step, { do: 'join' } | { member: number }>

function createMembers({ member, clock, broker }: Scene) {
  const all: { name: string; it: Member; alive: boolean }[] = []
  const alive = () => all.filter((one) => one.alive)
  const allOpen = () => alive().flatMap(({ it }) => [...it.open.values()])

  function join(): void {
    if (alive().length === mostMembers) return
    const name = `m${all.length}`
    const it = member(name, {
      concurrency: 5,
      maxIncompletePerPartition: 4,
      drainBudgetMs: 2_000,
      onPartitions: () => clock.sleep(300),
    })
    all.push({ name, it, alive: true })
    const start = (): void => void it.delivery.start().catch(() => clock.after(1_000, start))
    start()
  }

  function happen(step: MemberStep): void {
    if (step.do === 'join') return join()
    const one = alive()[step.member % alive().length]
    if (one === undefined) return
    switch (step.do) {
      case 'pause':
      case 'resume':
        return one.it.delivery[`${step.do}All`](`reason ${step.reason}`)
      case 'leave':
      case 'crash':
        if (alive().length === 1) return
        one.alive = false
        if (step.do === 'crash') broker.crash(one.name)
        else void one.it.delivery.drain()
        return
      default:
        broker[step.do](one.name)
    }
  }

  return { alive, allOpen, happen, open: (which: number): Open | undefined => allOpen()[which % Math.max(1, allOpen().length)] }
}

/** Every record of the topic: its value by its place. */
export async function wholeLog({ broker }: Pick<Scene, 'broker'>): Promise<Map<string, string>> {
  const records = new Map<string, string>()
  for (let partition = 0; partition < partitions; partition++) {
    for await (const list of broker.read({ topic: 'topic', partition }, { from: 0, to: Infinity })) {
      for (const record of list) records.set(placeOf(record), valueOf(record))
    }
  }
  return records
}
