import { expect, test } from 'vitest'
import { cacheModelCalls, cacheModelCallsV4 } from '../src/ai-sdk/middleware.ts'
import { said } from './model.ts'
import { useRig } from './rig.ts'

const rig = useRig()

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
  const call = { model: rig.upstream, doGenerate: async () => said('never'), doStream: async () => undefined }
  const v3 = cacheModelCalls({ cache: rig.cache, tenant: 'shop' })
  const v4 = cacheModelCallsV4({ cache: rig.cache, tenant: 'shop' })
  expect([v3.specificationVersion, v4.specificationVersion]).toEqual(['v3', 'v4'])
  const first = await v3.wrapGenerate({ ...call, params: { prompt: message(bytes) } })
  const params = { prompt: message({ type: 'data', data: bytes }), reasoning: 'provider-default' }
  const second = await v4.wrapGenerate({ ...call, params })
  expect(second.content).toEqual(first.content)
  expect(rig.upstream.calls.length).toBe(1)
  await v4.wrapGenerate({ ...call, params: { ...params, reasoning: 'high' } })
  expect(rig.upstream.calls.length).toBe(2)
})
