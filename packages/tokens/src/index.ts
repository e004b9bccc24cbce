export {
  type AssistantData,
  type Json,
  type KeepOptions,
  type Shelf,
  createAssistantData,
} from './assistant-data.ts'
export type { PlatformOptions } from './ask-platform.ts'
export {
  type AccessTokenSpace,
  type AssistantCatalogOptions,
  accessTokenSpace,
  aiConfigSpace,
  assistantCatalog,
  conversationSpace,
  generalSpace,
  msalSpace,
} from './catalog.ts'
export type { CoWechatClient, CoWechatStore, CoWechatToken } from './co-wechat.ts'
export { TokenError, type TokenErrorCode, type TokenErrorDetails, tokenErrorTable } from './errors.ts'
export type { LifeOptions } from './life.ts'
export type { TokenItem } from './list.ts'
export { type MsalCacheClient, msalCacheClient } from './msal.ts'
export { type AssistantCacheOptions, openAssistantCache } from './open-cache.ts'
export type { AskContext, Credentials, IssuedToken, Token, TokenProvider, TokenRef } from './provider.ts'
export {
  type ClientCredentials,
  type ClientCredentialsOptions,
  clientCredentials,
} from './providers/client-credentials.ts'
export { type DingtalkOptions, dingtalk } from './providers/dingtalk.ts'
export { type WechatOptions, wechat } from './providers/wechat.ts'
export { type WecomOptions, wecom } from './providers/wecom.ts'
export type { TokenState } from './states.ts'
export { type Tokens, type TokensOptions, createTokens } from './tokens.ts'
