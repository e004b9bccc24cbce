import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { rateLimitSpace } from '../catalog/settings.ts'

/** Counts calls of a configuration over all processes, so many for each minute (row A23). */
export interface RateLimit {
  /** Takes one call of this minute; false when there is none left. */
  take(configName: string, limit: number): Promise<boolean>
}

// One statement: two processes cannot both take the last call. A limit that is used up stays where it is.
const takeOne = `
  INSERT INTO rate_windows (config_name, window_started_at, used) VALUES ($1, $2, 1)
  ON CONFLICT (config_name) DO UPDATE SET
    used = CASE WHEN rate_windows.window_started_at = $2 THEN rate_windows.used + 1 ELSE 1 END,
    window_started_at = $2
  WHERE rate_windows.window_started_at <> $2 OR rate_windows.used < $3
  RETURNING used`

const windowSeconds = 60

/** Makes the limiter; what is used is shown at `rate_limit:{config_name}`. `onError` hears when it cannot be shown. */
export function createRateLimit(options: {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  readonly onError: (error: unknown) => void
}): RateLimit {
  const { cache, database, now, onError } = options
  const shown = cache.open(rateLimitSpace)
  return {
    async take(configName, limit) {
      const length = windowSeconds * 1000
      const start = new Date(Math.floor(now().getTime() / length) * length)
      const { rows } = await database.query<{ used: number }>(takeOne, [configName, start, limit])
      const document = {
        config_name: configName,
        limit,
        used: rows[0]?.used ?? limit,
        window_seconds: windowSeconds,
        window_started_at: start.toISOString(),
      }
      await shown.set({ config_name: configName }, document).catch(onError)
      return rows.length > 0
    },
  }
}
