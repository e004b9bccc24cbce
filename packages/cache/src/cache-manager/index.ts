export {
  type CacheManager,
  type CacheManagerOptions,
  type ValueSpace,
  cacheManager,
  valueSpace,
} from './cache-manager.ts'
