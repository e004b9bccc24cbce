import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { type Invalidations, createInvalidations } from '@reprise/service'
import { showNotices } from './notices.ts'

/** The invalidations that the service is asked for, shown among the notices of section 11.1 once they are done (row A12). */
export function createAskedInvalidations(parts: {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  /** Hears of attempts that failed; they are made again. */
  readonly onError: (error: unknown) => void
}): Invalidations {
  const asked: Invalidations = createInvalidations({
    ...parts,
    onCompleted: () => showNotices({ ...parts, asked }),
  })
  return asked
}
