export type { Administrator } from './auth/administrator.ts'
export { type Caller, tenantOf } from './auth/authenticate.ts'
export { serviceUserSpace } from './auth/known-users.ts'
export type { UserRole, UserRow, Users } from './auth/users.ts'
export { type Application, type Opened, defineApplication } from './cli/application.ts'
export type { Categories, Category } from './handlers/cache-handlers.ts'
export type { GatewayOptions, GatewaySemantic, ModelRace } from './gateway/gateway-options.ts'
export type { Upstream } from './gateway/upstream.ts'
export { type Carrier, type CarrierOptions, type ClaimedRow, createCarrier } from './invalidation/carrier.ts'
export { type Invalidations, createInvalidations } from './invalidation/invalidations.ts'
export type { InvalidationRow } from './invalidation/row.ts'
export type { InvalidationLogTable } from './invalidation/life-statements.ts'
export { type Page, numberCursor, pageOf } from './http/cursor.ts'
export { HttpError, type HttpStatus } from './http/http-error.ts'
export { logCacheSteps } from './log-cache-steps.ts'
export { createLogger } from './logger.ts'
export type { Actor, Operation, OperationResult } from './operations/operation.ts'
export type { Operations } from './operations/operations.ts'
export type { RequestAudit } from './operations/request-audit.ts'
export {
  type RouteHandler,
  type RouteReply,
  type RouteRequest,
  registerRoute,
} from './http/register-route.ts'
export { type Service, type ServiceOptions, createService } from './service.ts'
export type { TaskEnding, TaskGate, TaskOrder } from './tasks/gate.ts'
export { TaskError, type TaskErrorCode, taskErrorTable } from './tasks/errors.ts'
export { type TaskContext, type TaskKind, type TaskKinds, defineTaskKinds } from './tasks/kind.ts'
export type { Warmers } from './tasks/kinds/warm.ts'
export type { TaskOptions } from './tasks/open-tasks.ts'
export { type RedisRunnerOptions, redisRunner } from './tasks/redis/redis-runner.ts'
export type { TaskRunner } from './tasks/runner.ts'
export type { Schedule, Schedules } from './tasks/schedule.ts'
export type { GateOptions, TaskLimits } from './tasks/settings.ts'
export { type DatabaseRunnerOptions, databaseRunner } from './tasks/sql/database-runner.ts'
export type { TaskBatch, TaskProgress, TaskRecord, TaskStatus, TaskStep } from './tasks/task.ts'
export { openDocuments } from './tasks/workflows/document-store.ts'
export { type DocumentSource, type ManagedDocument } from './tasks/workflows/managed-document.ts'
export {
  type ModelCatalogue,
  modelCatalogue,
  modelCatalogueDocument,
} from './tasks/workflows/model-catalogue.ts'
export { type TaskCaller, type TaskRequest, type Tasks, createTasks } from './tasks/tasks.ts'
export { type TaskWorker, type WorkerOptions, type WorkerReport, createWorker } from './tasks/worker.ts'
export { type Settings, SettingsError, type SettingsSource, loadSettings } from './settings/settings.ts'
