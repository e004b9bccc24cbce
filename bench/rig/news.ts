/** The catalog of the invalidation benchmarks, as the sender and the reader see it. */
import { type Cache, bounded, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { z } from 'zod'

const schema = z.object({ version: z.number() })
const common = { schema, ttl: '1h' } as const

/** Spaces of each consistency; `loose` entries carry a tag of their own. */
export const news = {
  loose: defineSpace({
    name: 'loose',
    key: 'loose:{id}',
    ...common,
    tags: ({ id }) => [`news:${String(id)}`],
  }),
  bounded: defineSpace({ name: 'bounded', key: 'bounded:{id}', ...common, consistency: bounded('1s') }),
  strict: defineSpace({ name: 'strict', key: 'strict:{id}', ...common, consistency: 'strict' }),
}

/** The bound of the bounded space, in milliseconds. */
export const bound = 1_000

/** A key of Redis that holds the version that is true now. */
export const truthKey = 'truth'

/** A cache over the server of an address. */
export function openNews(url: string): Promise<Cache> {
  return createCache({
    catalog: defineCatalog({ prefix: 'news', spaces: Object.values(news) }),
    shared: redisShared({ url, prefix: 'news', descriptor: 'news' }),
  })
}

/** Milliseconds of the machine's steady clock, the same in all processes. */
export const steady = (): number => Number(process.hrtime.bigint()) / 1e6

/** Runs a task for each number below `count`, so many at a time. */
export async function inParallel(
  count: number,
  width: number,
  task: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
