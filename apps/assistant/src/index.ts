export { getCacheKey, intentCatalog } from './catalog/catalog.ts'
export { type Coach, type CoachOptions, type Prediction, createCoach } from './coach/predict.ts'
export { assistantCatalog } from './coach/space.ts'
export { ChatError } from './dialogue/chat-error.ts'
export type { Call, CallOutcome, Executor } from './dialogue/execute.ts'
export type { RetrievalQuestion, Retriever } from './dialogue/retrieve.ts'
export {
  type Dialogue,
  type DialogueOptions,
  type TurnReply,
  type TurnRequest,
  createDialogue,
} from './dialogue/turn.ts'
export { createEmbeddedRecogniser } from './recognise/embedded.ts'
export { type ModelOptions, createModelRecogniser } from './recognise/model.ts'
export type { Knowledge, Recogniser, Recognition, RecognitionRequest } from './recognise/recogniser.ts'
export { loadSeed } from './seed/load.ts'
export { migrateAssistant } from './seed/migrations.ts'
export { type Assistant, type AssistantOptions, createAssistant } from './wire.ts'
