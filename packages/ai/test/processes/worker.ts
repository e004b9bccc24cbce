/** One process of several that share a Redis: asks a model that its parent plays, and tells what it got. */
import type { LanguageModelV3CallOptions } from '@ai-sdk/provider'
import { createCache, defineCatalog } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { wrapLanguageModel } from 'ai'
import { cacheModelCalls } from '../../src/ai-sdk/middleware.ts'
import { modelCallSpace } from '../../src/spaces.ts'
import { read, standIn, streamOf } from '../model.ts'

/** What the parent may ask for: so many calls of one text at once. */
export interface Order {
  readonly streams: boolean
  readonly text: string
  readonly times: number
}

/** What a process tells: that it is ready, that its model was asked, what its callers got. */
export type Word =
  | { readonly say: 'ready' | 'asked' }
  | { readonly say: 'answers'; readonly texts: readonly string[] }

const { url, prefix } = JSON.parse(process.argv[2] ?? '{}') as { url: string; prefix: string }
const tell = (word: Word): void => void process.send?.(word)
const cache = await createCache({
  catalog: defineCatalog({ prefix, spaces: [modelCallSpace({ ttl: '1h' })] }),
  shared: redisShared({ url, prefix, descriptor: 'model calls', deadline: '1s' }),
  sweepEvery: 0,
})
const upstream = standIn()
const takes = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200))
upstream.answer = async () => {
  tell({ say: 'asked' })
  await takes()
  return {
    content: [{ type: 'text', text: `of ${process.pid}` }],
    finishReason: { unified: 'stop', raw: 'stop' },
    usage: streamOf().flatMap((part) => (part.type === 'finish' ? [part.usage] : []))[0] as never,
    warnings: [],
  }
}
const stream = upstream.doStream.bind(upstream)
upstream.doStream = async (params) => {
  tell({ say: 'asked' })
  const opened = await stream(params)
  const feed = upstream.feeds.at(-1)
  void takes().then(() => {
    feed?.push(...streamOf('of ', String(process.pid)))
    feed?.end()
  })
  return opened
}
const model = wrapLanguageModel({ model: upstream, middleware: cacheModelCalls({ cache, tenant: 'shop' }) })

async function ask({ streams, text }: Order): Promise<string> {
  const params: LanguageModelV3CallOptions = { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] }
  if (streams) {
    const parts = await read((await model.doStream(params)).stream)
    return parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')
  }
  return (await model.doGenerate(params)).content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
}

process.on('message', (order: Order) => {
  void Promise.all(Array.from({ length: order.times }, async () => ask(order))).then((texts) =>
    tell({ say: 'answers', texts }),
  )
})
process.once('disconnect', () => process.exit(0))
tell({ say: 'ready' })
