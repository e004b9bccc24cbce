export type { KeyvLike, KeyvStore } from './store.ts'
export { type KeyvTierOptions, keyvTier } from './tier.ts'
