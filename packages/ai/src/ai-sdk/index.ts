export type { CallOptions } from './call-options.ts'
export type { CacheMark } from './mark.ts'
export { type CallMiddleware, cacheModelCalls, cacheModelCallsV4 } from './middleware.ts'
export type { CallNote, MiddlewareOptions } from './settings.ts'
