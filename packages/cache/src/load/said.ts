import type { Ttl } from '../duration.ts'
import type { Provenance } from '../entry/entry.ts'

/** What a loader said about its value. */
export interface Said {
  ttl: Ttl | undefined
  tags: readonly string[]
  meta: Provenance
  skip: boolean
}
