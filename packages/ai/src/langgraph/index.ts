export {
  type LangGraphCacheOptions,
  type LangGraphSpace,
  type StoredResult,
  langgraphCache,
  langgraphSpace,
} from './cache.ts'
