import { z } from 'zod'
import { Envelope } from '../envelope.ts'
import { long } from '../long.ts'

/** `failures`: this agent cannot answer this case, and why. */
export const Failure = z.object({
  envelope: Envelope,
  agent: z.string().min(1).max(64),
  /** A fault's code. */
  code: z.string().min(1).max(64),
  message: z.string().max(1_000),
  /** Where the message lies that could not be handled. */
  topic: z.string().max(200),
  partition: z.int32().min(0),
  offset: long.min(0),
})
export type Failure = z.infer<typeof Failure>
