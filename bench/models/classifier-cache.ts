/** What a semantic cache over one half would have served the other half, and how often wrongly. */
import { agreedNeighbour, createSimilarityIndex, type Classifier, type Neighbour } from '@concord/model'
import type { Utterance } from './classifier-data.ts'

export interface CacheRun {
  cached: readonly Utterance[]
  asked: readonly Utterance[]
  /** Names what a message is about without having learned from either half; without it the true labels stand in. */
  classifier?: Classifier | undefined
}

export interface CacheFigures {
  neighbours: number
  similarity: number
  asked: number
  hits: number
  /** Hits whose cached message has another intent. */
  wrong: number
}

interface Lookup {
  intent: string
  expected: string | undefined
  found: Neighbour[]
}

/** Enough that one without a difference is among them where there is one. */
const lookedAt = 20

export function measureCache(run: CacheRun, settings: readonly { neighbours: number; similarity: number }[]): CacheFigures[] {
  const labels = run.cached.map((row) => labelOf(run.classifier, row))
  const lookups = lookUp(run)
  return settings.map(({ neighbours, similarity }) => {
    const served = lookups.flatMap(({ intent, expected, found }) => {
      if (run.classifier !== undefined && expected === undefined) return []
      const options = { neighbours, similarity, labelOf: (id: string) => labels[Number(id)] }
      const hit = agreedNeighbour(found, expected === undefined ? options : { ...options, expected })
      return hit === null ? [] : [{ wrong: run.cached[Number(hit.id)]?.intent !== intent }]
    })
    return {
      neighbours,
      similarity,
      asked: lookups.length,
      hits: served.length,
      wrong: served.filter(({ wrong }) => wrong).length,
    }
  })
}

function lookUp({ cached, asked, classifier }: CacheRun): Lookup[] {
  const index = createSimilarityIndex({ corpus: cached.map(({ text }) => text) })
  cached.forEach(({ text }, n) => index.add(`${n}`, text))
  return asked.map((row) => ({
    intent: row.intent,
    expected: classifier === undefined ? undefined : labelOf(classifier, row),
    found: index.nearest(row.text, lookedAt),
  }))
}

/** Nothing where the classifier is not sure. */
function labelOf(classifier: Classifier | undefined, { text, intent }: Utterance): string | undefined {
  if (classifier === undefined) return intent
  const said = classifier.classify(text)
  return said.confident ? said.ranked[0].label : undefined
}
