/** What was done to the constellation, and which repeated model calls that explains. */

export const causes = [
  'death',
  'freeze',
  'store loss',
  'cut connection',
  'drain overrun', // the group's rebalance took longer than work in flight may hold it up
  'eviction', // the group gave a member up that nobody had touched: a machine that is too slow freezes it too
] as const
export type Cause = (typeof causes)[number]

export interface Happening {
  cause: Cause
  /** The service that it befell; null for all of them. */
  service: string | null
  /** Milliseconds since the epoch. */
  from: number
  to: number
}

/** A model was asked between these two times, milliseconds since the epoch. */
export interface Asking {
  service: string
  /** Equal for equal prompts: one prompt for one message. */
  prompt: string
  after: number
  before: number
}

/**
 * How long after its end a happening may still show, in milliseconds. A client notices a connection that swallows at its request time-out of
 * 30 s, and drains and joins anew for up to 15 s. All else shows at once in what the survivors do.
 */
const echoMs: Record<Cause, number> = {
  death: 1_000,
  'drain overrun': 1_000,
  freeze: 15_000,
  'store loss': 1_000,
  'cut connection': 45_000,
  eviction: 1_000,
}

/** Who takes over works off what has gathered, and comes to everything within this time after the end of what happened. Milliseconds. */
const redoneMs = 90_000

/** What explains that a prompt was asked again: something that befell its service between the two, not too long ago. */
export function causeOf(first: Asking, again: Asking, happenings: readonly Happening[]): Cause | null {
  const between = happenings.filter(({ service, from, to, cause }) => {
    const isItsOwn = service === null || service === again.service
    return isItsOwn && from <= again.before && to + echoMs[cause] >= first.after && again.after <= to + redoneMs
  })
  return causes.find((cause) => between.some((happening) => happening.cause === cause)) ?? null
}

/** Whether the store lost something between two times. */
export const storeLostBetween = (from: number, to: number, happenings: readonly Happening[]): boolean =>
  happenings.some((happening) => happening.cause === 'store loss' && happening.from <= to && happening.to >= from)
