import type { Fitted } from './fit.ts'
import type { Scope } from './scope.ts'
import type { Threshold } from './threshold.ts'

/** How well it did on texts that were kept from it while it learned. */
export interface HeldOutFigures {
  texts: number
  accuracy: number
  threshold: Threshold
}

/** All that a classifier consists of. */
export interface Learned {
  labels: readonly string[]
  trainedOn: string
  heldOut: HeldOutFigures
  fitted: Fitted
  sharpness: number
  scope: Scope
}
