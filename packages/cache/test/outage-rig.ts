import {
  type Cache,
  type Clock,
  type SpaceHandle,
  bounded,
  createCache,
  defineCatalog,
  defineSpace,
} from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import type { RedisClient } from '../src/redis/client.ts'
import { z } from 'zod'

const policy = { schema: z.string(), ttl: '10m', backoff: false } as const
const page = defineSpace({
  name: 'page',
  key: 'page:{id}',
  tags: ({ id }) => [`group-${Number(id) % 5}`],
  ...policy,
})
const right = defineSpace({ name: 'right', key: 'right:{id}', consistency: 'strict', ...policy })
const price = defineSpace({ name: 'price', key: 'price:{id}', consistency: bounded('1s'), ...policy })

/** Milliseconds that a call to Redis may take, in these tests as by default. */
export const deadline = 150

/** A process's cache, opened on one Redis, with a space of each consistency. */
export interface OutageNode {
  readonly cache: Cache
  /** An eventual space. */
  readonly pages: SpaceHandle<typeof page>
  /** A strict space. */
  readonly rights: SpaceHandle<typeof right>
  /** A space bounded by a second. */
  readonly prices: SpaceHandle<typeof price>
}

/** Opens a node; those of one prefix share their entries. A client that is given is the caller's to close. */
export async function openNode(
  url: string,
  prefix: string,
  options: { readonly clock?: Clock; readonly client?: RedisClient; readonly deadline?: number } = {},
): Promise<OutageNode> {
  const { clock, ...given } = { deadline, ...options }
  const timing = clock === undefined ? {} : { clock }
  const cache = await createCache({
    catalog: defineCatalog({ prefix, spaces: [page, right, price] }),
    shared: redisShared({ url, prefix, descriptor: 'outage', ...timing, ...given }),
    ...timing,
  })
  return { cache, pages: cache.open(page), rights: cache.open(right), prices: cache.open(price) }
}
