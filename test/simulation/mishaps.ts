/** What goes wrong with whole replicas and parts, at the times that the plan says. */
import { replicaMishaps, type Mishap, type MishapKind, type ReplicaMishap } from './plan.ts'
import type { Replica, Replicas } from './replicas.ts'
import type { Part, Stage } from './stage.ts'

/** As much as a store may lose that writes to its disk once a second, and then some. Milliseconds. */
export const mostRewoundMs = 3_000

export function startMishaps(stage: Stage, replicas: Replicas): void {
  for (const mishap of stage.plan.mishaps) stage.clock.after(mishap.at, () => befall(stage, replicas, mishap))
}

function befall(stage: Stage, replicas: Replicas, { kind, service, forMs }: Mishap): void {
  const { chance, history } = stage
  if (!isOfReplicas(kind)) {
    history.note('a part', `FAULT ${kind} for ${forMs} ms`)
    stage.count(kind)
    onParts[kind](stage, forMs)
    return
  }
  const there = replicas.of(service)
  if (there.length === 0) return
  const replica = chance.pick(there)
  history.note(replica.life.clientId, `FAULT ${kind} for ${forMs} ms`)
  stage.count(kind)
  onReplicas[kind]({ stage, replicas, replica, forMs })
}

const isOfReplicas = (kind: MishapKind): kind is ReplicaMishap => replicaMishaps.some((one) => one === kind)

interface Struck {
  stage: Stage
  replicas: Replicas
  replica: Replica
  forMs: number
}

const onReplicas: Readonly<Record<ReplicaMishap, (struck: Struck) => void>> = {
  kill: ({ replicas, replica }) => replicas.kill(replica.life, 'as by a power cut'),
  restart: ({ replicas, replica }) => void replicas.stop(replica).then(() => replicas.start(replica.life.service)),
  /** Longer than its session, and the group goes on without it: of that it hears when it goes on itself. */
  freeze({ stage: { evidence, history, broker }, replica: { life }, forMs }) {
    evidence.disturbances.push({ seq: history.now(), by: life.clientId, kind: 'frozen' })
    broker.freeze(life.clientId)
    life.freeze(forMs, () => broker.thaw(life.clientId))
  },
  expire: ({ stage, replica }) => stage.broker.expire(replica.life.clientId),
  join: ({ replicas, replica }) => void replicas.start(replica.life.service),
  leave({ replicas, replica }) {
    if (replicas.of(replica.life.service).length > 1) void replicas.stop(replica)
  },
}

const onParts: Readonly<Record<Exclude<MishapKind, ReplicaMishap>, (stage: Stage, forMs: number) => void>> = {
  'broker-away': (stage, forMs) => goAway(stage, 'broker', forMs),
  'store-away': (stage, forMs) => goAway(stage, 'store', forMs),
  // Longer than the others: an action is tried for half a minute.
  'back-end-away': (stage, forMs) => goAway(stage, 'back-end', 3 * forMs),
  'store-wiped'(stage) {
    lost(stage)
    stage.store.wipe()
  },
  'store-rewound'(stage, forMs) {
    lost(stage)
    stage.store.rewind(Math.min(forMs, mostRewoundMs))
  },
  'store-restarted'(stage) {
    lost(stage)
    stage.store.restart()
  },
}

function goAway(stage: Stage, part: Part, forMs: number): void {
  if (stage.isAway(part)) return
  stage.setAway(part, true)
  stage.clock.after(forMs, () => stage.setAway(part, false))
}

const lost = ({ evidence, history }: Stage): void =>
  void evidence.disturbances.push({ seq: history.now(), by: 'store', kind: 'store-lost' })
