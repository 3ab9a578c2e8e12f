import type { z } from 'zod'

/** Refuses lone surrogates anywhere in the value: UTF-8 cannot carry them, so they would arrive as something else. */
export function wellFormed<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return schema
    .superRefine((value, context) => {
      const path = loneSurrogate(value)
      if (path !== null) context.addIssue({ code: 'custom', path, message: 'is not valid Unicode' })
    })
    .meta({ rule: 'every text in it is valid Unicode' })
}

function loneSurrogate(value: unknown): PropertyKey[] | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : []
  if (value === null || typeof value !== 'object') return null
  for (const [key, member] of Object.entries(value)) {
    const path = key.isWellFormed() ? loneSurrogate(member) : []
    if (path !== null) return [Array.isArray(value) ? Number(key) : key, ...path]
  }
  return null
}
