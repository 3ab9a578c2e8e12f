/** A classifier as JSON, so that a service can keep what it learned. */
import { Fault } from '@concord/contracts'
import { z } from 'zod'
import { createLexicon } from './lexicon.ts'
import type { Learned } from './learned.ts'

/** Changes with everything that makes an older classifier read differently: normal form, features, weighing. */
export const format = 1

const share = z.number().min(0).max(1)
const Saved = z.object({
  format: z.literal(format),
  trainedOn: z.string(),
  labels: z.array(z.string()).min(1),
  heldOut: z.object({
    texts: z.number(),
    accuracy: share,
    threshold: z.object({ least: share.nullable(), precision: share, share }),
  }),
  sharpness: z.number().positive(),
  scope: z.object({ weights: z.tuple([z.number(), z.number(), z.number()]), offset: z.number() }),
  unknownWeight: z.number().positive(),
  /** Typed arrays, little-endian, in base64. */
  features: z.base64(),
  rarities: z.base64(),
  separators: z.base64(),
  offsets: z.base64(),
  centres: z.base64(),
})

/** What `Classifier.toJSON` gives. */
export type SavedClassifier = z.infer<typeof Saved>

export function save({ fitted: { lexicon, separators, centres }, ...learned }: Learned): SavedClassifier {
  return {
    format,
    trainedOn: learned.trainedOn,
    labels: [...learned.labels],
    heldOut: learned.heldOut,
    sharpness: learned.sharpness,
    scope: learned.scope,
    unknownWeight: lexicon.unknownWeight,
    features: encode(lexicon.features),
    rarities: encode(lexicon.weights),
    separators: encode(separators.weights),
    offsets: encode(separators.offsets),
    centres: encode(centres.weights),
  }
}

/** @throws Fault `invalid_input` when it was not made by `toJSON` of this version. */
export function readSaved(saved: unknown): Learned {
  const read = Saved.safeParse(saved)
  if (!read.success) throw unreadable(z.prettifyError(read.error))
  const { features, rarities, separators, offsets, centres, unknownWeight, ...learned } = read.data
  const labels = learned.labels.length
  const places = new Uint32Array(decode(features))
  const floats = (text: string, length: number, name: string) => {
    const bytes = decode(text)
    if (bytes.byteLength !== 4 * length) throw unreadable(`${name} has not the length that its features and labels ask for`)
    return new Float32Array(bytes)
  }
  const rows = places.length * labels
  return {
    ...learned,
    fitted: {
      lexicon: createLexicon(places, floats(rarities, places.length, 'rarities'), unknownWeight),
      separators: { labels, weights: floats(separators, rows, 'separators'), offsets: floats(offsets, labels, 'offsets') },
      centres: { labels, weights: floats(centres, rows, 'centres'), offsets: new Float32Array(labels) },
    },
  }
}

function unreadable(what: string): Fault {
  return new Fault('invalid_input', `this is no saved classifier: ${what}.`, { mend: 'Train it again from its examples.' })
}

function encode({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}

/** Whole words of four bytes only, in memory of their own. */
function decode(text: string): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64')
  const whole = new Uint8Array(bytes.length - (bytes.length % 4))
  whole.set(bytes.subarray(0, whole.length))
  return whole.buffer
}
