// Every request asks who its token names, and the answer must be right in every process at once. Where processes share a
// store, it is kept there in a `strict` space, which is asked each time and which every change drops; where the store is
// away, the database is asked. Without a store only an embedded database proves that this process is the only one, so that
// memory may answer; with PostgreSQL alone there may be others, and the database is asked each time.
import { userRole } from '@reprise/api'
import { type Cache, RepriseError, type SpaceHandle, defineSpace } from '@reprise/cache'
import { type Database, DatabaseError } from '@reprise/database'
import { z } from 'zod'
import { findKnown } from './user-statements.ts'

/** What authentication has to know about a user. */
const knownUser = z.strictObject({
  id: z.string(),
  username: z.string(),
  role: userRole,
  tenant: z.string().nullable(),
  is_active: z.boolean(),
  token_version: z.number(),
  /** Ids of the sessions that have not ended. */
  sessions: z.array(z.string()),
})

/** What authentication has to know about a user. */
export type KnownUser = z.infer<typeof knownUser>

/** The space that keeps them; an application puts it in its catalog, or each request asks the database. */
export const serviceUserSpace = defineSpace({
  name: 'service_user',
  key: 'service_user:{user_id}',
  schema: knownUser.nullable(),
  // How long a user lives on who was changed while the store could not be told, if the process that knew is gone.
  ttl: '30s',
  consistency: 'strict',
  backoff: false,
})

/** Users as authentication knows them. */
export interface KnownUsers {
  /** Throws what `Database.query` throws. */
  find(id: string): Promise<KnownUser | undefined>
  /** Makes every process look again: to be called when a change has been committed. Never throws. */
  forget(id: string): Promise<void>
}

/** Makes the lookup over the database, and over the cache where that has the space and no other process is left out. */
export function createKnownUsers(database: Database, cache: Cache): KnownUsers {
  const everybody = cache.stats().log !== undefined || database.engine === 'pglite'
  const listed = cache.catalog.spaces.some(({ name }) => name === serviceUserSpace.name)
  const space = everybody && listed ? cache.open(serviceUserSpace) : undefined

  async function load(id: string): Promise<KnownUser | undefined> {
    if (!/^\d{1,18}$/.test(id)) return undefined
    return (await database.query<KnownUser>(findKnown, [id])).rows[0]
  }

  if (space === undefined) return { find: load, forget: async () => undefined }
  return createCachedUsers(space, load)
}

function createCachedUsers(
  space: SpaceHandle<typeof serviceUserSpace>,
  load: (id: string) => Promise<KnownUser | undefined>,
): KnownUsers {
  /** Users whose change the store could not be told yet. */
  const owed = new Set<string>()

  async function tell(id: string): Promise<void> {
    owed.add(id)
    try {
      await space.delete({ user_id: id })
      owed.delete(id)
    } catch (error) {
      if (!RepriseError.is(error)) throw error
    }
  }

  return {
    async find(id) {
      if (owed.has(id)) {
        void tell(id)
        return load(id)
      }
      try {
        return (await space.getOrLoad({ user_id: id }, async () => (await load(id)) ?? null)) ?? undefined
      } catch (error) {
        if (RepriseError.is(error) || DatabaseError.is(error)) return load(id)
        throw error
      }
    },
    forget: tell,
  }
}
