/** Everything that the gateway tells while it works. Names, codes and numbers only, never content. */
import type { FaultCode } from '@concord/contracts'
import type { Stopper } from './ask.ts'
import type { BreakerState } from './breakers.ts'

export type GatewayEvent =
  /** A request is sent again. */
  | { kind: 'retry'; target: string; code: FaultCode; afterMs: number }
  /** A request was not sent. */
  | { kind: 'stopped'; target: string; by: Stopper }
  /** A target is left for the next one. */
  | { kind: 'fallback'; target: string; reason: string }
  /** An answer could not be used, and is asked for again. */
  | { kind: 'correction'; target: string; problem: string }
  | { kind: 'breaker'; target: string; from: BreakerState; to: BreakerState }
  /** The models file was read; `hash` tells its versions apart. */
  | { kind: 'models_loaded'; hash: string }
  /** The models file was changed to something that cannot be used; the one before holds. */
  | { kind: 'models_refused'; reason: string }

/** Must not throw. */
export type OnGatewayEvent = (event: GatewayEvent) => void
