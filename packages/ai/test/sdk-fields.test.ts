import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cache } from '@reprise/cache'
import { cacheModelCalls, cacheModelCallsV4 } from '../src/ai-sdk/middleware.ts'
import { type StandIn, open, said, standIn } from './model.ts'
import { toolTurns } from './request-fields.ts'

/** A call of the AI SDK that uses every field; files are as version 6 or 7 has them. */
const call = (version: 6 | 7) => ({
  prompt: [
    { role: 'system', content: 'You are a coach.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is on this?' },
        { type: 'file', mediaType: 'image/png', filename: 'a.png', data: file(version, [1, 2, 3]) },
      ],
    },
    ...toolTurns(),
  ],
  tools: [
    { type: 'function', name: 'look', description: 'Looks', inputSchema: { type: 'object' }, strict: true },
    { type: 'provider', id: 'openai.search', name: 'search', args: { depth: 1 } },
  ],
  toolChoice: { type: 'tool', toolName: 'look' },
  responseFormat: { type: 'json', name: 'seen', description: 'What', schema: { type: 'object' } },
  temperature: 0.3,
  topP: 0.9,
  topK: 40,
  presencePenalty: 0.1,
  frequencyPenalty: 0.2,
  maxOutputTokens: 500,
  seed: 7,
  stopSequences: ['END'],
  reasoning: 'low',
  providerOptions: {
    openai: { verbosity: 'low', logprobs: 2 },
    reprise: { scope: 'user-1', prompt: { id: 'coach', version: 'v7' }, configurationVersion: '1' },
  },
})

function file(version: 6 | 7, bytes: readonly number[]): unknown {
  const data = new Uint8Array(bytes)
  return version === 6 ? data : { type: 'data', data }
}

/** Every field by its path, with another value. */
const changes: readonly (readonly [path: string, value: unknown])[] = [
  ['prompt.0.role', 'user'],
  ['prompt.0.content', 'You are a critic.'],
  ['prompt.1.content.0.text', 'What is on that?'],
  ['prompt.1.content.1.mediaType', 'image/jpeg'],
  ['prompt.1.content.1.filename', 'b.png'],
  ['prompt.1.content.1.data', [1, 2, 4]],
  ['prompt.2.content.0.text', 'They ask me.'],
  ['prompt.2.content.1.toolCallId', 'c2'],
  ['prompt.2.content.1.toolName', 'see'],
  ['prompt.2.content.1.input.at', 'right'],
  ['prompt.3.content.0.toolCallId', 'c2'],
  ['prompt.3.content.0.toolName', 'see'],
  ['prompt.3.content.0.output.type', 'content'],
  ['prompt.3.content.0.output.value.seen', 2],
  ['tools.0.name', 'see'],
  ['tools.0.description', 'Sees'],
  ['tools.0.inputSchema.type', 'string'],
  ['tools.0.strict', false],
  ['tools.1.id', 'openai.web'],
  ['tools.1.name', 'web'],
  ['tools.1.args.depth', 2],
  ['toolChoice.type', 'required'],
  ['toolChoice.toolName', 'search'],
  ['responseFormat.type', 'text'],
  ['responseFormat.name', 'found'],
  ['responseFormat.description', 'Which'],
  ['responseFormat.schema.type', 'array'],
  ['temperature', 0.4],
  ['topP', 0.8],
  ['topK', 41],
  ['presencePenalty', 0],
  ['frequencyPenalty', 0],
  ['maxOutputTokens', 501],
  ['seed', 8],
  ['stopSequences.0', 'STOP'],
  ['reasoning', 'high'],
  ['providerOptions.openai.verbosity', 'high'],
  ['providerOptions.openai.logprobs', 3],
  ['providerOptions.reprise.scope', 'user-2'],
  ['providerOptions.reprise.tenant', 'shop-2'],
  ['providerOptions.reprise.prompt.id', 'critic'],
  ['providerOptions.reprise.prompt.version', 'v8'],
  ['providerOptions.reprise.configurationVersion', '2'],
]

/** What a model never sees, or what changes nothing that it says. */
const noise: readonly (readonly [path: string, value: unknown])[] = [
  ['headers', { 'user-agent': 'ai/6.0.1', traceparent: '00-1' }],
  ['abortSignal', new AbortController().signal],
  ['includeRawChunks', true],
  ['providerOptions.openai.user', 'u1'],
  ['providerOptions.openai.metadata', { run: 1 }],
  ['providerOptions.openai.store', true],
  ['providerOptions.openai.serviceTier', 'flex'],
  ['providerOptions.openai.promptCacheKey', 'k'],
  ['providerOptions.reprise.documents', ['d1']],
  ['prompt.0.providerOptions', { anthropic: { cacheControl: { type: 'ephemeral' } } }],
]

let cache: Cache
let upstream: StandIn

beforeAll(async () => {
  cache = await open()
  upstream = standIn()
  upstream.answer = async () => ({ ...said('{}'), finishReason: { unified: 'stop', raw: 'stop' } })
})
afterAll(() => cache.close())

/** Whether the model is asked for a call, changed in one place, through both versions one after the other. */
async function asks(path?: string, value?: unknown): Promise<readonly boolean[]> {
  const options = { cache, tenant: 'shop', admission: { alsoKeep: ['schema-failed' as const] } }
  const [six, seven] = [cacheModelCalls(options), cacheModelCallsV4(options)]
  const through = async (middleware: typeof six | typeof seven, version: 6 | 7): Promise<boolean> => {
    const params = call(version)
    if (path !== undefined)
      put(params, path, path.endsWith('.data') ? file(version, value as number[]) : value)
    const before = upstream.calls.length
    await middleware.wrapGenerate({
      params,
      model: upstream,
      doGenerate: async () => said('never'),
      doStream: async () => undefined,
    })
    return upstream.calls.length > before
  }
  return [await through(six, 6), await through(seven, 7)]
}

function put(target: object, path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop() as string
  let parent = target as Record<string, unknown>
  for (const name of names) parent = parent[name] as Record<string, unknown>
  parent[last] = value
}

test('there are more than 40 fields', () => {
  expect(changes.length).toBeGreaterThan(40)
})

describe('a change asks the model, once for AI SDK 6 and 7 together', () => {
  test('none', async () => {
    expect([await asks(), await asks()]).toEqual([
      [true, false],
      [false, false],
    ])
  })

  test.for(changes)('%s', async ([path, value]) => {
    expect(await asks(path, value)).toEqual([true, false])
  })
})

describe('what a model never sees asks nobody', () => {
  test.for(noise)('%s', async ([path, value]) => {
    expect(await asks(path, value)).toEqual([false, false])
  })
})
