/** What the loopback API takes. */
import { z } from 'zod'

export const Verdict = z.object({
  requestId: z.string(),
  decision: z.enum(['approve', 'edit', 'reject', 'respond']),
  text: z.string().nullable(),
  reason: z.string().nullable(),
  reviewer: z.string(),
  caseVersion: z.int(),
  shownHash: z.string(),
})

export const Owners = z.array(z.object({ tenantId: z.string(), requestId: z.string() }))

export const ReplayWish = z.object({ id: z.string(), by: z.string(), force: z.boolean() })

export const DiscardWish = z.object({ id: z.string(), by: z.string(), reason: z.string() })

export const RebuildWish = z.object({ partition: z.int().min(0).nullable(), dryRun: z.boolean() })
