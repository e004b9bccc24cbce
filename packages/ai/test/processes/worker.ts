/** One process of several that share a Redis: asks a model that its parent plays, and tells what it got. */
import type { LanguageModelV3CallOptions, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { createCache, defineCatalog } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { wrapLanguageModel } from 'ai'
import { cacheModelCalls } from '../../src/ai-sdk/middleware.ts'
import { redisRelay } from '../../src/relay/redis-relay.ts'
import { modelCallSpace } from '../../src/spaces.ts'
import { standIn, streamOf } from '../model.ts'

/** What the parent may ask for: so many calls of one text at once, and that the model ends what it says. */
export interface Order {
  readonly streams: boolean
  readonly text: string
  readonly times: number
  /** `half`: streams stop in the middle until the parent says otherwise. */
  readonly model?: 'half' | 'whole'
}

/** What a process tells: that it is ready, that its model was asked, that a client has a first text, what its callers got. */
export type Word =
  | { readonly say: 'ready' | 'asked' | 'first-text' }
  | { readonly say: 'answers'; readonly texts: readonly string[] }

const { url, prefix } = JSON.parse(process.argv[2] ?? '{}') as { url: string; prefix: string }
const tell = (word: Word): void => void process.send?.(word)
const shared = redisShared({ url, prefix, descriptor: 'model calls', deadline: '1s' })
const cache = await createCache({
  catalog: defineCatalog({ prefix, spaces: [modelCallSpace({ ttl: '1h' })] }),
  shared,
  lease: '1s',
  sweepEvery: 0,
})
const relay = redisRelay(shared)
let says: Order['model'] = 'whole'
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
    const parts = streamOf('one ', 'and the same')
    feed?.push(...(says === 'half' ? parts.slice(0, 3) : parts))
    if (says !== 'half') feed?.end()
  })
  return opened
}
const model = wrapLanguageModel({
  model: upstream,
  middleware: cacheModelCalls({ cache, tenant: 'shop', relay }),
})

const textOf = (parts: readonly LanguageModelV3StreamPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')

async function ask({ streams, text }: Order): Promise<string> {
  const params: LanguageModelV3CallOptions = { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] }
  if (streams) {
    const parts: LanguageModelV3StreamPart[] = []
    for await (const part of (await model.doStream(params)).stream) {
      if (part.type === 'text-delta' && textOf(parts) === '') tell({ say: 'first-text' })
      parts.push(part)
    }
    return textOf(parts)
  }
  return (await model.doGenerate(params)).content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
}

process.on('message', (order: Order) => {
  says = order.model ?? 'whole'
  if (order.times === 0) return
  void Promise.all(Array.from({ length: order.times }, async () => ask(order))).then((texts) =>
    tell({ say: 'answers', texts }),
  )
})
process.once('disconnect', () => process.exit(0))
tell({ say: 'ready' })
