import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { systemConfigsSpace } from '../catalog/settings.ts'
import { loadSystemConfigs } from '../knowledge/settings.ts'
import { createRateLimit } from './rate-limit.ts'

/** Counts the messages of each user over all processes. */
export interface RequestLimit {
  /** The limit when this message is more than a user may send in a minute; undefined when it may be answered. */
  exceeded(userId: string): Promise<number | undefined>
}

const category = 'security'
const setting = 'requests_per_minute'

/**
 * Makes the limit of `system_configs`, category `security`, `requests_per_minute` (rows A9, A23); without that row there
 * is none. What is used is shown at `rate_limit:user_{user_id}`.
 */
export function createRequestLimit(options: {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  readonly onError: (error: unknown) => void
}): RequestLimit {
  const { cache, database } = options
  const settings = cache.open(systemConfigsSpace)
  const rates = createRateLimit(options)
  return {
    async exceeded(userId) {
      const { configs } = await settings.getOrLoad({ category }, () => loadSystemConfigs(database, category))
      const limit = configs.find(({ config_key: key }) => key === setting)?.config_value
      if (typeof limit !== 'number' || limit <= 0) return undefined
      return (await rates.take(`user_${userId}`, Math.floor(limit))) ? undefined : limit
    },
  }
}
