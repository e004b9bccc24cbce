import * as sdk6 from 'ai'
import * as sdk7 from 'ai-7'
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

test('what is asked through `ai` 6 itself is found through `ai` 7 itself, streamed too', async () => {
  const settings = { cache: rig.cache, tenant: 'shop' }
  const upstream: object = { ...rig.upstream, specificationVersion: 'v4' }
  const seven = sdk7.wrapLanguageModel({
    model: upstream as Parameters<typeof sdk7.wrapLanguageModel>[0]['model'],
    middleware: cacheModelCallsV4(settings),
  })
  const messages = [
    {
      role: 'user' as const,
      content: [
        { type: 'text' as const, text: 'What is on this?' },
        { type: 'file' as const, mediaType: 'image/png', data: bytes },
      ],
    },
  ]
  const inputSchema = { type: 'object', properties: { city: { type: 'string' } } } as const
  const asked = { messages, temperature: 0.2, maxOutputTokens: 50, stopSequences: ['END'], seed: 7 }
  const first = await sdk6.generateText({
    ...asked,
    model: rig.wrapped(),
    system: 'Be brief.',
    tools: { weather: sdk6.tool({ inputSchema: sdk6.jsonSchema(inputSchema) }) },
  })
  const same = {
    ...asked,
    model: seven,
    instructions: 'Be brief.',
    // Its own tools are no tools of it under exactOptionalPropertyTypes.
    tools: { weather: sdk7.tool({ inputSchema: sdk7.jsonSchema(inputSchema) }) as object } as sdk7.ToolSet,
  }
  const whole = await sdk7.generateText(same)
  const streamed = sdk7.streamText(same)
  expect([first.text, whole.text, await streamed.text]).toEqual(Array(3).fill('answer 1'))
  expect([whole.usage.totalTokens, (await streamed.usage).totalTokens]).toEqual([0, 0])
  expect(rig.upstream.calls.length).toBe(1)
  expect((await sdk7.generateText({ ...same, temperature: 0.3 })).text).toBe('answer 2')
})
