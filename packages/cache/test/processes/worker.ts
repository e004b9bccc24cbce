/** One process of a cluster under test: opens a cache on the Redis that its arguments name and does what its parent says. */
import { createBackground, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type RedisAddresses, redisShared } from '@reprise/cache/redis'
import { z } from 'zod'
import { watchLoop } from '../../src/testing/correctness/waiting.ts'
import { type Controlled, controlledRace } from '../race-cases.ts'

/** What the parent may ask for. */
export type Order =
  | { readonly do: 'read'; readonly question: string; readonly times: number; readonly takes: number }
  | { readonly do: 'invalidate'; readonly question: string }
  | { readonly do: 'delete'; readonly question: string }
  | { readonly do: 'set'; readonly question: string }
  /** Loads with a race whose strategies end when they are told to. */
  | { readonly do: 'race'; readonly question: string }
  | {
      readonly do: 'end'
      readonly question: string
      readonly strategy: 'fast' | 'premium'
      readonly how: 'valid' | 'invalid' | 'fails'
    }
  /** Loads anew from a source that has changed, at the rank of a fast answer. */
  | { readonly do: 'reload'; readonly question: string }
  | { readonly do: 'get'; readonly question: string }
  | { readonly do: 'peek'; readonly question: string }
  | { readonly do: 'close' }

/** What a process tells. */
export type Word =
  | { readonly say: 'ready' }
  /** `lag` is the most that a timer of this process has been late so far, in milliseconds. */
  | { readonly say: 'loading'; readonly question: string; readonly at: number; readonly lag: number }
  | { readonly say: 'answers'; readonly values: readonly string[]; readonly at: number }
  | { readonly say: 'peeked'; readonly value: string | undefined }
  | { readonly say: 'done' }
  | { readonly say: 'raced'; readonly question: string; readonly answer: string }
  | { readonly say: 'got'; readonly value: string | undefined }

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
  backoff: false,
  tags: ({ question }) => [`q:${String(question)}`],
})
const background = createBackground()
const races = new Map<string, Controlled>()
const tell = (word: Word): void => void process.send?.(word)
const cache = await createCache({
  catalog: defineCatalog({ prefix, spaces: [space] }),
  shared: redisShared({ ...addresses, prefix, descriptor: 'processes', deadline: '2s' }),
  lease,
  background,
  sweepEvery: 0,
})
const answers = cache.open(space)
const loop = watchLoop()

async function obey(order: Order): Promise<void> {
  if (order.do === 'read') {
    const { question, times, takes } = order
    const load = async (): Promise<string> => {
      tell({ say: 'loading', question, at: Date.now(), lag: loop.worst() })
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
  } else if (order.do === 'delete') {
    await answers.delete({ question: order.question })
    tell({ say: 'done' })
  } else if (order.do === 'set') {
    await answers.set({ question: order.question }, 'set')
    tell({ say: 'done' })
  } else if (order.do === 'race') {
    const { question } = order
    const raced = controlledRace()
    races.set(question, raced)
    const asked = answers.getOrLoad({ question }, (context) => {
      const answer = raced.loader(context)
      tell({ say: 'loading', question, at: Date.now(), lag: loop.worst() })
      return answer
    })
    const answer = await asked.catch((error: { code?: string }) => String(error.code))
    tell({ say: 'raced', question, answer })
  } else if (order.do === 'end') {
    races.get(order.question)?.end(order.strategy, order.how)
    await new Promise((resolve) => setImmediate(resolve))
    tell({ say: 'done' })
  } else if (order.do === 'reload') {
    await answers.getOrLoad({ question: order.question }, ({ meta }) => {
      meta({ rank: 1 })
      return 'new'
    })
    tell({ say: 'done' })
  } else if (order.do === 'get') {
    while (background.count > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    tell({ say: 'got', value: await answers.get({ question: order.question }) })
  } else if (order.do === 'peek') tell({ say: 'peeked', value: answers.peek({ question: order.question }) })
  else {
    await background.shutdown(0)
    await cache.close()
    process.disconnect()
  }
}

process.on('message', (order) => void obey(order as Order))
process.on('disconnect', () => process.exit(0))
tell({ say: 'ready' })
