import type { EmbeddingModelV3, EmbeddingModelV3CallOptions } from '@ai-sdk/provider'
import type { Cache } from '@reprise/cache'
import { embedMany, wrapEmbeddingModel } from 'ai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheEmbeddings } from '../src/ai-sdk/embed.ts'
import { invalidateCalls } from '../src/call-tags.ts'
import { open } from './model.ts'

let cache: Cache
let calls: (readonly string[])[]
let vectorOf: (text: string) => number[]

beforeEach(async () => {
  cache = await open()
  calls = []
  vectorOf = (text) => [text.length, 0.5]
})
afterEach(() => cache.close())

const upstream: EmbeddingModelV3 = {
  specificationVersion: 'v3',
  provider: 'stand-in',
  modelId: 'e-1',
  maxEmbeddingsPerCall: 100,
  supportsParallelCalls: true,
  async doEmbed({ values }) {
    calls.push(values)
    return {
      embeddings: values.map((text) => vectorOf(text)),
      usage: { tokens: values.length * 3 },
      providerMetadata: { x: { y: 1 } },
      response: { headers: { a: 'b' } },
      warnings: [],
    }
  },
}
const wrapped = (tenant = 'shop') =>
  wrapEmbeddingModel({ model: upstream, middleware: cacheEmbeddings({ cache, tenant }) })
const embed = async (values: string[], more: Partial<EmbeddingModelV3CallOptions> = {}) =>
  wrapped().doEmbed({ values, ...more })

test('each text of a batch is kept for itself; the model is asked once for what is missing', async () => {
  await embed(['a', 'bb'])
  const { embeddings, usage, providerMetadata } = await embed(['bb', 'ccc', 'a', 'ccc'])
  expect(calls).toEqual([['a', 'bb'], ['ccc']])
  expect(embeddings).toEqual([
    [2, 0.5],
    [3, 0.5],
    [1, 0.5],
    [3, 0.5],
  ])
  expect(usage).toEqual({ tokens: 3 })
  expect(providerMetadata).toEqual({ x: { y: 1 }, reprise: { computed: 1, kept: 3 } })
})

test('a batch that is all there asks nothing and costs nothing', async () => {
  const { embeddings, usage } = await embedMany({ model: wrapped(), values: ['a', 'bb'] })
  const again = await embedMany({ model: wrapped(), values: ['bb', 'a'] })
  expect([usage.tokens, again.usage.tokens]).toEqual([6, 0])
  expect(again.embeddings).toEqual(embeddings.toReversed())
  expect(calls.length).toBe(1)
})

test('20 batches at once ask for each text once', async () => {
  const all = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => embed(['same', `own ${index}`])),
  )
  expect(calls.flat().length).toBe(21)
  expect(all.reduce((sum, { usage }) => sum + (usage?.tokens ?? 0), 0)).toBe(63)
})

test('tenants share nothing, options of the provider are part of the key', async () => {
  await embed(['a'])
  await wrapped('shop-2').doEmbed({ values: ['a'] })
  await embed(['a'], { providerOptions: { openai: { dimensions: 256 } } })
  await embed(['a'], { headers: { 'user-agent': 'other' }, providerOptions: { openai: { user: 'u' } } })
  expect(calls.length).toBe(3)
})

test('vectors that are none are given and not kept', async () => {
  vectorOf = () => []
  expect((await embed(['a'])).embeddings).toEqual([[]])
  vectorOf = () => [1]
  expect((await embed(['a'])).embeddings).toEqual([[1]])
  expect((await embed(['a'])).embeddings).toEqual([[1]])
  expect(calls.length).toBe(2)
})

test('an error of the model is given as it is', async () => {
  const failure = new Error('quota')
  vectorOf = () => {
    throw failure
  }
  await expect(embed(['a'])).rejects.toBe(failure)
  vectorOf = () => [1]
  expect((await embed(['a'])).embeddings).toEqual([[1]])
})

test('a closed cache: the model is asked', async () => {
  await cache.close()
  expect((await embed(['a', 'bb'])).embeddings).toEqual([
    [1, 0.5],
    [2, 0.5],
  ])
})

test('they are invalidated by model', async () => {
  await embed(['a'])
  await invalidateCalls(cache, { model: 'e-1' })
  await embed(['a'])
  expect(calls.length).toBe(2)
})
