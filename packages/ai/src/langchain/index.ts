export { type LangChainCacheOptions, langchainCache } from './cache.ts'
export { type LangChainSpace, langchainSpace } from './space.ts'
