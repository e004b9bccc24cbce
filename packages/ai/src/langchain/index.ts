export { type LangChainCacheOptions, langchainCache } from './cache.ts'
export { type SharedChatOptions, shareChatModel } from './chat-model.ts'
export { type LangChainSpace, langchainSpace } from './space.ts'
