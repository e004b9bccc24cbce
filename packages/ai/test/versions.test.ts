import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Cache } from '@reprise/cache'
import { cacheModelCalls, cacheModelCallsV4 } from '../src/ai-sdk/middleware.ts'
import { type StandIn, open, said, standIn } from './model.ts'

let cache: Cache
let upstream: StandIn

beforeEach(async () => {
  cache = await open()
  upstream = standIn()
})
afterEach(() => cache.close())

const bytes = new Uint8Array([1, 2, 3])
const message = (data: unknown) => [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'hello' },
      { type: 'file', mediaType: 'image/png', data },
    ],
  },
]

test('the same request through AI SDK 6 and 7 is the same entry', async () => {
  const call = { model: upstream, doGenerate: async () => said('never'), doStream: async () => undefined }
  const v3 = cacheModelCalls({ cache, tenant: 'shop' })
  const v4 = cacheModelCallsV4({ cache, tenant: 'shop' })
  expect([v3.specificationVersion, v4.specificationVersion]).toEqual(['v3', 'v4'])
  const first = await v3.wrapGenerate({ ...call, params: { prompt: message(bytes) } })
  const params = { prompt: message({ type: 'data', data: bytes }), reasoning: 'provider-default' }
  const second = await v4.wrapGenerate({ ...call, params })
  expect(second.content).toEqual(first.content)
  expect(upstream.calls.length).toBe(1)
  await v4.wrapGenerate({ ...call, params: { ...params, reasoning: 'high' } })
  expect(upstream.calls.length).toBe(2)
})
