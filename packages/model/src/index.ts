export {
  agreedNeighbour,
  createSimilarityIndex,
  normalForm,
  restoreClassifier,
  sameEntities,
  seededRandom,
  trainClassifier,
  type AgreementOptions,
  type Classification,
  type Classifier,
  type Difference,
  type Example,
  type HeldOutFigures,
  type NamedEntity,
  type Neighbour,
  type Ranked,
  type SavedClassifier,
  type SimilarityIndex,
  type SimilarityOptions,
  type Threshold,
  type TrainOptions,
} from './classifier/index.ts'
export { createOpenAIModel, type OpenAIModelOptions } from './openai-model.ts'
export type { CallContext, Model, ModelAnswer, ModelCallRecord, ModelRequest, Prompt } from './port.ts'
export { costMicros, type Price, type PriceBook, type TokenUse } from './prices.ts'
export { renderPrompt, type Rendered } from './render.ts'
export { responseFormat } from './response-format.ts'
export type { RetryPolicy } from './retry.ts'
