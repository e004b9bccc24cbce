import { type Cache, RepriseError } from '@reprise/cache'
import { msalSpace } from './catalog.ts'

/** MSAL's `ICacheClient` (@azure/msal-node): what a `DistributedCachePlugin` keeps its partitions with. */
export interface MsalCacheClient {
  /** A partition as MSAL wrote it, `''` where there is none: what MSAL takes for an empty cache. */
  get(key: string): Promise<string>
  /** Keeps a partition; gives it back. */
  set(key: string, value: string): Promise<string>
}

/**
 * MSAL's token caches in this cache, encrypted where the cache has keys, in every process at once. A cache that is away
 * is an empty one, and what cannot be kept is fetched again: MSAL goes on.
 * @throws E_SPACE_UNKNOWN where the catalog has no `msal_cache`
 */
export function msalCacheClient(cache: Cache): MsalCacheClient {
  const partitions = cache.open(msalSpace)
  return {
    get: async (key) => (await partitions.get({ partition: key })) ?? '',
    async set(key, value) {
      try {
        await partitions.set({ partition: key }, value)
      } catch (error) {
        if (!RepriseError.is(error, 'E_TIER_WRITE')) throw error
      }
      return value
    },
  }
}
