export { type MastraCacheOptions, type ServerCacheBase, mastraCache } from './server-cache.ts'
