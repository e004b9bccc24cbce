import type { Call } from './call.ts'
import type { Heads } from './head.ts'
import type { CatalogKeys } from './keys.ts'
import type { RedisSettings } from './settings.ts'

/** What leases need of the store around them. */
export interface LeaseContext {
  readonly call: Call
  readonly heads: Heads
  readonly names: CatalogKeys
  readonly settings: RedisSettings
}
