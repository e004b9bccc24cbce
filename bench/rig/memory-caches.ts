/** All caches in memory that are measured, by the name that charts show. */
import { type CacheMaker, hour } from './memory-cache.ts'
import { asyncCacheDedupe, layeredLoader } from './loader-memory.ts'
import { bentoCache, cacheManager, cacheable } from './peer-memory.ts'
import { lruCache, plainMap } from './plain-memory.ts'
import { reprise } from './reprise-memory.ts'

/** Makers by name, the limit first. */
export const memoryCaches: Readonly<Record<string, CacheMaker>> = {
  Map: plainMap,
  'lru-cache': lruCache(0),
  'lru-cache with TTL': lruCache(hour),
  Reprise: reprise('objects'),
  'Reprise packed': reprise('packed'),
  'layered-loader': layeredLoader('keys'),
  'layered-loader by params': layeredLoader('params'),
  'cache-manager': cacheManager,
  'async-cache-dedupe': asyncCacheDedupe,
  BentoCache: bentoCache,
  cacheable,
}
