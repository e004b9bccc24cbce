import { type Cache, type SpaceHandle, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type RedisSharedOptions, redisShared } from '@reprise/cache/redis'
import { z } from 'zod'

const policy = { schema: z.number(), ttl: '10m', backoff: false } as const
const page = defineSpace({ name: 'page', key: 'page:{id}', ...policy })
const right = defineSpace({
  name: 'right',
  key: 'right:{id}',
  consistency: 'strict',
  tags: ({ id }) => [`id-${String(id)}`],
  ...policy,
})

/** A process's cache of numbers, in an eventual and a strict space. */
export interface FailoverNode {
  readonly cache: Cache
  readonly pages: SpaceHandle<typeof page>
  readonly rights: SpaceHandle<typeof right>
}

/** Opens a node as an application would: with the deadlines of the defaults. */
export async function openFailoverNode(
  addresses: Omit<RedisSharedOptions, 'prefix' | 'descriptor'>,
  prefix: string,
): Promise<FailoverNode> {
  const cache = await createCache({
    catalog: defineCatalog({ prefix, spaces: [page, right] }),
    shared: redisShared({ ...addresses, prefix, descriptor: 'failover' }),
  })
  return { cache, pages: cache.open(page), rights: cache.open(right) }
}
