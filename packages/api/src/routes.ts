import { authRoutes } from './auth-routes.ts'
import { cacheRoutes } from './cache-routes.ts'
import { chatRoutes } from './chat-routes.ts'
import { configurationRoutes } from './configuration-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { documentRoutes } from './document-routes.ts'
import { entryRoutes } from './entry-routes.ts'
import { figureRoutes } from './figure-routes.ts'
import { historyRoutes } from './history-routes.ts'
import { invalidationRoutes } from './invalidation-routes.ts'
import { processRoutes } from './process-routes.ts'
import { serverRoutes } from './server-routes.ts'
import { spaceRoutes } from './space-routes.ts'
import { coachRoutes } from './coach-routes.ts'
import { ledgerRoutes } from './ledger-routes.ts'
import { operationRoutes } from './operation-routes.ts'
import { systemRoutes } from './system-routes.ts'
import { alarmRoutes } from './alarm-routes.ts'
import { backgroundRoutes } from './background-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { resultRoutes } from './result-routes.ts'
import { taskRoutes } from './task-routes.ts'
import { timelineRoutes } from './timeline-routes.ts'
import { tokenRoutes } from './token-routes.ts'
import { userRoutes } from './user-routes.ts'

/** The one table of routes; server, client and OpenAPI document are made from it. */
export const routes = {
  ...authRoutes,
  ...cacheRoutes,
  ...historyRoutes,
  ...entryRoutes,
  ...spaceRoutes,
  ...invalidationRoutes,
  ...processRoutes,
  ...serverRoutes,
  ...systemRoutes,
  ...chatRoutes,
  ...conversationRoutes,
  ...configurationRoutes,
  ...documentRoutes,
  ...figureRoutes,
  ...coachRoutes,
  ...ledgerRoutes,
  ...operationRoutes,
  ...resultRoutes,
  ...timelineRoutes,
  ...tokenRoutes,
  ...taskRoutes,
  ...backgroundRoutes,
  ...alarmRoutes,
  ...eventRoutes,
  ...userRoutes,
} as const

/** The table's type. */
export type Routes = typeof routes

/** The id of a row. */
export type RouteId = keyof Routes
