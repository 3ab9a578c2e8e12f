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
export type { GatewayEvent, OnGatewayEvent } from './gateway/events.ts'
export { createGateway, type GatewayPorts } from './gateway/gateway.ts'
export {
  createBreakers,
  type BreakerChange,
  type BreakerPolicy,
  type Breakers,
  type BreakersOptions,
  type BreakerState,
} from './gateway/breakers.ts'
export type { Route, RouteQuery, Routes, Target } from './gateway/routes.ts'
export { keyVariable, urlVariable } from './models/models-file.ts'
export { openModels, type Models, type OpenModelsOptions } from './models/open-models.ts'
export { createOpenAIModel, type OpenAIModelOptions } from './openai-model.ts'
export { plainRecord } from './port.ts'
export type { CallContext, Model, ModelAnswer, ModelCallRecord, ModelRequest, Prompt } from './port.ts'
export { costMicros, createPrices, type DatedPrice, type Price, type PriceBook, type Prices, type TokenUse } from './prices.ts'
export { renderPrompt, type Rendered } from './render.ts'
export { responseFormat } from './response-format.ts'
export type { RetryPolicy } from './gateway/steps/retry.ts'
