// A cached answer is dropped after the change has committed: a reader that looked before the commit has its cache lease
// broken by the drop, and one that looks after it finds the change. A process that dies in between leaves the old answer
// for `cacheFor` at most; one whose cache does not confirm says so.
import { createHash } from 'node:crypto'
import { type Cache, RepriseError, defineSpace } from '@reprise/cache'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ResultsError } from './errors.ts'
import { labelsOf } from './labels.ts'
import type { StoredResult } from './result.ts'
import type { Place } from './place.ts'

const stored: StandardSchemaV1<StoredResult | null> = {
  '~standard': {
    version: 1,
    vendor: 'reprise',
    validate: (value) => ({ value: value as StoredResult | null }),
  },
}

/**
 * The space of cached `getLatest` answers, to put in the catalog of the cache that `openResults` is given. A null
 * answer is kept, too: that there is nothing is worth knowing.
 */
export const latestResult = defineSpace({
  name: 'latest_result',
  key: 'latest_result:{site}:{type}:{target}',
  schema: stored,
  tenant: 'site',
  ttl: '5m',
  backoff: false,
  tags: ({ site, type }) => [typeTag(String(site), String(type))],
  maxValueBytes: 512 * 1_048_576,
})

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** A tag of at most 200 bytes, whatever is in it. */
function shortTag(text: string): string {
  const tag = `latest_result:${text}`
  return Buffer.byteLength(tag) <= 200 ? tag : `latest_result:${digest(text)}`
}

/** A name in a key, which is bounded: a long one by its digest, and one that could stand for a digest, too. */
const shortName = (name: string): string =>
  Buffer.byteLength(name) <= 120 && !name.startsWith('sha256-') ? name : `sha256-${digest(name)}`

const paramsOf = ({ site, type, target }: Place): { site: string; type: string; target: string } => ({
  site: shortName(site),
  type,
  target: shortName(target),
})

const typeTag = (site: string, type: string): string => shortTag(JSON.stringify([site, type]))
const labelTag = (site: string, label: string): string => shortTag(JSON.stringify([site, '', label]))

/** What a query for the latest result gave, and when that ends by this process's clock; Infinity for never. */
export interface Looked {
  readonly result: StoredResult | null
  readonly until: number
}

/** Whose cached answers a change concerns: a place, all of a type, or all that are derived from what a label names. */
export type Changed = { readonly place: Place } | { readonly type: string } | { readonly label: string }

/** Answers to `getLatest`. */
export interface Answers {
  read(place: Place, look: () => Promise<Looked>): Promise<StoredResult | null>
  /** Forgets answers at a site. @throws E_RESULT_CACHE when that is not confirmed */
  drop(site: string, changed: Changed): Promise<void>
}

/** Answers that always ask the database. */
export const uncached: Answers = {
  read: async (_place, look) => (await look()).result,
  drop: async () => {},
}

/** Answers kept in a cache for at most `cacheFor` milliseconds and never past the end of the result. */
export function cachedAnswers(cache: Cache, cacheFor: number, now: () => number): Answers {
  const space = cache.open(latestResult)
  return {
    async read(place, look) {
      const { site } = place
      try {
        return await space.getOrLoad(paramsOf(place), async ({ ttl, tags }) => {
          const startedAt = now()
          const { result, until } = await look()
          ttl({ endsAt: () => Math.min(startedAt + cacheFor, until), describes: 'end of the result' })
          if (result !== null) {
            tags(...labelsOf(result.derivation, result.tags).map((label) => labelTag(site, label)))
          }
          return result
        })
      } catch (error) {
        throw RepriseError.is(error, 'E_LOADER_FAILED') ? error.cause : error
      }
    },
    async drop(site, changed) {
      try {
        if ('place' in changed) {
          await cache.invalidate({ keys: [space.key(paramsOf(changed.place))] })
        } else {
          const tag =
            'type' in changed ? typeTag(shortName(site), changed.type) : labelTag(site, changed.label)
          await cache.invalidate({ tags: [tag] })
        }
      } catch (cause) {
        throw new ResultsError(
          'E_RESULT_CACHE',
          `the change at site ${JSON.stringify(site)} is in the database, but the cache could not confirm that it forgot ` +
            `the old answers; they may be served for ${cacheFor} ms, and repeating the change is safe`,
          { cause },
        )
      }
    },
  }
}
