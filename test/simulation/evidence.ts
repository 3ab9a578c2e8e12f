/** What the simulation saw from outside of the services, each with its place in the history: what the checks judge by. */
import type { ServiceName } from '@concord/dev-env'
import type { InRecord } from '@concord/messaging'

/** A record that stands in a log. */
export interface Appended {
  /** Its place in the history. */
  seq: number
  /** Who sent it. */
  by: string
  record: InRecord
  /** The message, or null where nobody can read it, as with dead letters. */
  value: unknown
}

/** An offset that a group has committed. */
export interface Committed {
  seq: number
  at: number
  by: string
  group: ServiceName
  topic: string
  partition: number
  offset: number
}

/** One question to a model, whatever became of it. */
export interface Ask {
  /** Agent, input message and number: the same work asks under the same id. */
  callId: string
  by: string
  began: number
  /** Null where nobody lived to hear the end. */
  ended: number | null
  answered: boolean
}

/** Why a replica may have lost what it knew, or been kept from saying it. */
export interface Disturbance {
  seq: number
  by: string
  kind: 'died' | 'stopped' | 'frozen' | 'revoked' | 'lost' | 'store-away' | 'store-lost'
}

/** A result that stands in the store from here on. */
export interface Remembered {
  seq: number
  key: string
}

/** Somebody looked whether a result stands. */
export interface Looked extends Remembered {
  by: string
}

/** A permit of an agent's rate. */
export interface Granted {
  seq: number
  at: number
  by: string
  limiter: string
}

/** A call of the back end that is no mere look. */
export interface BackEndWrite {
  seq: number
  service: ServiceName
  key: string
  path: string
  /** The record's version that the caller had seen. */
  ifMatch: string | null
  status: number
  /** Whether it changed something. */
  changed: boolean
}

export interface Evidence {
  appended: Appended[]
  committed: Committed[]
  asks: Ask[]
  disturbances: Disturbance[]
  remembered: Remembered[]
  looked: Looked[]
  granted: Granted[]
  writes: BackEndWrite[]
  /** Faults that no service must meet: crashed consumers, unhandled rejections, services that do not stop. */
  accidents: string[]
  /** The state of each case as the store has it, by its key: tenant and request. */
  stored: Map<string, { state: unknown; version: number; unpublished: number }>
  /** What each group has still to read. */
  lag: { group: ServiceName; topic: string; partition: number; committed: number; high: number }[]
}

export function emptyEvidence(): Evidence {
  return {
    appended: [],
    committed: [],
    asks: [],
    disturbances: [],
    remembered: [],
    looked: [],
    granted: [],
    writes: [],
    accidents: [],
    stored: new Map(),
    lag: [],
  }
}
