import type { ServiceName } from '@concord/dev-env'
import type { Replica } from '@concord/dev-env/up'
import type { Constellation } from '../scene/constellation.ts'
import type { Parts } from '../scene/parts.ts'

/** What a fault is done to. */
export interface Scene {
  parts: Parts
  services: Constellation
}

export interface Fault {
  /** For `ONLY=`. */
  name: string
  /** One line for the reader. */
  what: string
  /** Left out of a run that names no fault: what it shows is known, and not mended. */
  isExtra?: true
  /** Does it and mends it. The load goes on meanwhile. */
  strike(scene: Scene): Promise<void>
}

export function replicaOf({ services }: Scene, service: ServiceName, number = 0): Replica {
  const found = services.replicas.find(({ name }) => name === `${service}-${number}`)
  if (found === undefined) throw new Error(`${service}-${number} is not among the replicas`)
  return found
}
