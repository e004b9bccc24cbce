/** One process of a cluster under test: reads tokens on the Redis and from the platform that its arguments name. */
import { createCache } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { assistantCatalog, createTokens, wechat } from '@reprise/tokens'

/** What the parent may ask for. */
export type Order =
  | { readonly do: 'read'; readonly times: number }
  | { readonly do: 'use'; readonly times: number }
  | { readonly do: 'close' }

/** What a process tells. */
export type Word =
  | { readonly say: 'ready' }
  /** Different tokens that were read, or different replies to calls. */
  | { readonly say: 'answers'; readonly values: readonly string[] }

/** What a process is started with. */
export interface Setup {
  readonly url: string
  readonly prefix: string
  readonly baseUrl: string
  readonly secret: string
}

const { url, prefix, baseUrl, secret } = JSON.parse(process.argv[2] ?? '{}') as Setup
const tell = (word: Word): void => void process.send?.(word)
const cache = await createCache({
  catalog: assistantCatalog({ prefix }),
  shared: redisShared({ url, prefix, descriptor: 'tokens', deadline: '5s' }),
  sweepEvery: 0,
})
const tokens = createTokens({ cache, providers: [wechat({ apps: { wx1: { secret } }, baseUrl })] })
const ref = { channel: 'wechat', appId: 'wx1' }

async function call(token: string): Promise<{ errcode?: number }> {
  const reply = await fetch(`${baseUrl}/cgi-bin/getcallbackip?access_token=${token}`)
  return (await reply.json()) as { errcode?: number }
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'close') {
    await cache.close()
    process.disconnect()
    return
  }
  const run =
    order.do === 'read'
      ? async () => tokens.get(ref)
      : async () => JSON.stringify(await tokens.withToken(ref, call))
  const values = await Promise.all(Array.from({ length: order.times }, run))
  tell({ say: 'answers', values: [...new Set(values)] })
}

process.on('message', (order) => void obey(order as Order))
process.on('disconnect', () => process.exit(0))
tell({ say: 'ready' })
