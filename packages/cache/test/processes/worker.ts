/** One process of a cluster under test: opens a cache on the Redis that its arguments name and does what its parent says. */
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type RedisAddresses, redisShared } from '@reprise/cache/redis'
import { z } from 'zod'

/** What the parent may ask for. */
export type Order =
  | { readonly do: 'read'; readonly question: string; readonly times: number; readonly takes: number }
  | { readonly do: 'invalidate'; readonly question: string }
  | { readonly do: 'peek'; readonly question: string }
  | { readonly do: 'close' }

/** What a process tells. */
export type Word =
  | { readonly say: 'ready' }
  | { readonly say: 'loading'; readonly question: string; readonly at: number }
  | { readonly say: 'answers'; readonly values: readonly string[]; readonly at: number }
  | { readonly say: 'peeked'; readonly value: string | undefined }
  | { readonly say: 'done' }

const { addresses, prefix, lease } = JSON.parse(process.argv[2] ?? '{}') as {
  addresses: RedisAddresses
  prefix: string
  lease: number
}
const space = defineSpace({
  name: 'answer',
  key: 'answer:{question}',
  schema: z.string(),
  ttl: '10m',
  tags: ({ question }) => [`q:${String(question)}`],
})
const tell = (word: Word): void => void process.send?.(word)
const cache = await createCache({
  catalog: defineCatalog({ prefix, spaces: [space] }),
  shared: redisShared({ ...addresses, prefix, descriptor: 'processes', deadline: '2s' }),
  lease,
  sweepEvery: 0,
})
const answers = cache.open(space)

async function obey(order: Order): Promise<void> {
  if (order.do === 'read') {
    const { question, times, takes } = order
    const load = async (): Promise<string> => {
      tell({ say: 'loading', question, at: Date.now() })
      await new Promise((resolve) => setTimeout(resolve, takes))
      return `${question} of ${process.pid}`
    }
    const values = await Promise.all(
      Array.from({ length: times }, async () => answers.getOrLoad({ question }, load)),
    )
    tell({ say: 'answers', values: [...new Set(values)], at: Date.now() })
  } else if (order.do === 'invalidate') {
    await cache.invalidate({ tags: [`q:${order.question}`] })
    tell({ say: 'done' })
  } else if (order.do === 'peek') tell({ say: 'peeked', value: answers.peek({ question: order.question }) })
  else {
    await cache.close()
    process.disconnect()
  }
}

process.on('message', (order) => void obey(order as Order))
process.on('disconnect', () => process.exit(0))
tell({ say: 'ready' })
