import { z } from 'zod'
import { Envelope } from '../envelope.ts'
import { Entity } from './triage.ts'

/** `reworks`: do it again, because what it rested on has changed. */
export const Rework = z.object({
  envelope: Envelope,
  /** The agent that is asked. */
  agent: z.string().min(1).max(64),
  intent: z.string().max(100).nullable().default(null),
  entities: z.array(Entity).max(50),
  riskFlags: z.array(z.string().min(1).max(64)),
  instruction: z.string().max(1_000),
  /** What has been replaced since, by id. */
  changed: z.array(z.string().max(200)).max(50),
})
export type Rework = z.infer<typeof Rework>
