export { type Admission, type AnswerFacts, type AnswerRefusal, type Demands, refusalOf } from './admission.ts'
export { type CallInvalidation, callTags, invalidateCalls } from './call-tags.ts'
export { type AiErrorCode, AiError, aiErrorCodes } from './errors.ts'
export {
  type Ledger,
  type LedgerEntry,
  type LedgerKind,
  type LedgerOptions,
  type LedgerRow,
  type LedgerSnapshot,
  type LedgerSums,
  createLedger,
  ledgerKinds,
  mergeSnapshots,
} from './ledger/ledger.ts'
export {
  type ModelPrices,
  type PriceOptions,
  type PriceTable,
  type TokenPrices,
  batchCostOf,
  costOf,
  readPrices,
} from './ledger/price-table.ts'
export { somePrices } from './ledger/some-prices.ts'
export { type TokenUsage, noTokens } from './ledger/usage.ts'
export { watchUpgrades } from './ledger/watch-upgrades.ts'
export { canonicalText } from './key/canonical.ts'
export { type ModelCallKey, modelCallKey } from './key/call-key.ts'
export { type KeyDifference, explainKey } from './key/explain-key.ts'
export { type FieldName, fieldNames } from './key/fields.ts'
export type {
  KeyOptions,
  ModelCallRequest,
  PromptName,
  ProviderOptionRules,
  Sampling,
} from './key/request.ts'
export {
  type CallPolicy,
  type EmbeddingSpace,
  type ModelCallSpace,
  type StoredAnswer,
  embeddingSpace,
  modelCallSpace,
} from './spaces.ts'
export { memoryRelay } from './relay/memory-relay.ts'
export { type RedisRelayOptions, redisRelay } from './relay/redis-relay.ts'
export type { Following, RelayNews, RelayWriter, StreamRelay } from './relay/stream-relay.ts'
export type { Answer, AnswerShape, CallPlan, PaidAnswer, SharedCall } from './call-plan.ts'
export { shareCall } from './shared-call.ts'
export { type KeptAnswer, keptAnswer } from './kept-answer.ts'
export type { Recording } from './recording.ts'
export { type VarietyRule, answersAt, readVariety } from './variety.ts'
export { demoEmbedder } from './semantic/demo-embedder.ts'
export { sameFigures } from './semantic/guard.ts'
export { memorySemanticStore } from './semantic/memory-store.ts'
export { modelVerifier } from './semantic/model-verifier.ts'
export type { AskedFor, QuestionPair, SemanticOptions, Verifier } from './semantic/semantic-options.ts'
export type { Neighbour, SemanticBounds, SemanticStore } from './semantic/semantic-store.ts'
export { type SemanticCall, type SemanticTier, semanticTier } from './semantic/semantic-tier.ts'
export type { SimilarAnswer, SimilarSearch, SimilarTo } from './semantic/similar-search.ts'
