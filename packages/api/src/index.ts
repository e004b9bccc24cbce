export { authRoutes, newPassword, session, userRole } from './auth-routes.ts'
export { cacheEntry, cacheRoutes, cacheStats, spaceFigures, tierFigures } from './cache-routes.ts'
export { chatContext, chatReply, chatRequest, chatRoutes, traceStep } from './chat-routes.ts'
export { ApiError, type CallOptions, type Client, type ClientOptions, createClient } from './client.ts'
export { configRow, configurationRoutes, invalidation, settingVersion } from './configuration-routes.ts'
export { documentRoutes, documentVersion } from './document-routes.ts'
export {
  conversation,
  conversationRoutes,
  conversationTurn,
  slotValue,
  stackFrame,
} from './conversation-routes.ts'
export {
  coachRoutes,
  mergeStep,
  parsedBubble,
  predictReply,
  predictRequest,
  screenshot,
} from './coach-routes.ts'
export {
  type Envelope,
  type ErrorDetail,
  type ErrorEnvelope,
  type ProblemDetails,
  envelopeOf,
  errorDetail,
  errorEnvelope,
  problemDetails,
  problemContentType,
} from './envelope.ts'
export { entryData, entryRoutes, entryRow, explanation, tierState } from './entry-routes.ts'
export { booking, figureRoutes } from './figure-routes.ts'
export { historyRoutes, historyRow, latency, tierTimes } from './history-routes.ts'
export { ledgerKind, ledgerRoutes, ledgerSums } from './ledger-routes.ts'
export { operation, operationRoutes } from './operation-routes.ts'
export {
  invalidationDelivery,
  invalidationPreview,
  invalidationRoutes,
  invalidationRow,
  invalidationStatus,
  invalidationTarget,
  logPosition,
} from './invalidation-routes.ts'
export { type DataOf, type InputPart, type OutputPart, type Role, type Route, roles } from './route.ts'
export { type RouteId, type Routes, routes } from './routes.ts'
export { processFigures, processRoutes } from './process-routes.ts'
export { effectiveSetting, serverFigures, serverRoutes } from './server-routes.ts'
export { hotKey, spaceRoutes, spaceRow, ttlAdvice } from './space-routes.ts'
export { systemRoutes } from './system-routes.ts'
export { task, taskBatch, taskCounts, taskRoutes, taskStatus, taskStep } from './task-routes.ts'
export { count, instant, lineOf, proseOf, queryNumber } from './text-fields.ts'
export { alarm, alarmRoutes, alarmRule, alarmRuleName } from './alarm-routes.ts'
export { backgroundRoutes } from './background-routes.ts'
export {
  type LiveEvent,
  type LiveEventType,
  eventRoutes,
  liveEventData,
  liveEventTypes,
} from './event-routes.ts'
export { pageOf, pageQuery } from './paging.ts'
export { resultRecord, resultRoutes, resultShelf, resultStatus, resultWithValue } from './result-routes.ts'
export { timelineEvent, timelineRoutes, timelineSession } from './timeline-routes.ts'
export { accessToken, tokenRoutes } from './token-routes.ts'
export type { EventOptions } from './follow-events.ts'
export { type StreamEvent, readEvents } from './event-stream.ts'
export { apiToken, user, userRoutes } from './user-routes.ts'
