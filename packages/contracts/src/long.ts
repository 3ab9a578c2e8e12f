import { z } from 'zod'

/** The furthest from zero that avsc carries exactly: below −2⁵² it writes another number without a word. */
const furthest = 2 ** 52

/** A whole number as an Avro long. */
export const long = z.int().min(-furthest).max(furthest)
