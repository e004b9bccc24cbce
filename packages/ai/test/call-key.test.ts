import { describe, expect, test } from 'vitest'
import { modelCallKey } from '../src/key/call-key.ts'
import { explainKey } from '../src/key/explain-key.ts'
import type { ModelCallRequest } from '../src/key/request.ts'
import { changed, changes, full } from './request-fields.ts'

const digest = (request: ModelCallRequest): string => modelCallKey(request).digest
const least: ModelCallRequest = { tenant: 't', operation: 'chat', provider: 'p', model: 'm' }

describe('what decides an answer is in its key', () => {
  test('there are more than 40 fields', () => {
    expect(changes.length).toBeGreaterThan(40)
  })

  test.for(changes)('%s', ([path, value]) => {
    const other = changed(path, value)
    expect(digest(other)).not.toBe(digest(full()))
    const found = explainKey(full(), other)
    expect(found.map((one) => one.path.replaceAll(/\[(\d+)\]/g, '.$1').replace(/\.url$/, ''))).toEqual([path])
  })

  test('no two of the changed requests share a key', () => {
    const digests = new Set(changes.map(([path, value]) => digest(changed(path, value))))
    expect(digests.size).toBe(changes.length)
  })

  test('nor does taking a field away give the key of anything else', () => {
    const optional = changes.filter(
      ([path]) => !['tenant', 'operation', 'provider', 'model', 'prompt.id'].includes(path),
    )
    const digests = optional.map(([path]) => digest(changed(path, undefined)))
    expect(new Set([...digests, digest(full())]).size).toBe(optional.length + 1)
  })

  test('text that moves from one field to the next makes another key', () => {
    expect(digest({ ...least, scope: 'ab', configurationVersion: 'c' })).not.toBe(
      digest({ ...least, scope: 'a', configurationVersion: 'bc' }),
    )
    expect(digest({ ...least, provider: 'a', model: 'bc' })).not.toBe(
      digest({ ...least, provider: 'ab', model: 'c' }),
    )
  })
})

describe('nothing else is', () => {
  const noise = {
    headers: { 'user-agent': 'ai/6.0.327', authorization: 'Bearer x', traceparent: '00-1' },
    abortSignal: new AbortController().signal,
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 3,
    requestId: 'r-2',
  }
  test.for(Object.entries(noise))('%s', ([name, value]) => {
    expect(digest({ ...full(), [name]: value })).toBe(digest(full()))
  })

  test.for(['user', 'metadata', 'store', 'safetyIdentifier', 'serviceTier', 'promptCacheKey'])(
    'provider option %s',
    (name) => {
      const request = full()
      const other = {
        ...request,
        providerOptions: { ...request.providerOptions, openai: { verbosity: 'low', [name]: 'x' } },
      }
      expect(digest(other)).toBe(digest(request))
    },
  )

  test('prompt-cache hints of a message', () => {
    const messages = (hint: object) => [{ role: 'system', content: 'a', ...hint }]
    const hinted = { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } }
    const other = { providerOptions: { anthropic: { style: 'short' } } }
    expect(digest({ ...least, messages: messages(hinted) })).toBe(
      digest({ ...least, messages: messages({}) }),
    )
    expect(digest({ ...least, messages: messages(other) })).not.toBe(
      digest({ ...least, messages: messages({}) }),
    )
  })

  test('options of the cache itself', () => {
    expect(digest({ ...least, providerOptions: { reprise: { regenerate: true } } })).toBe(digest(least))
  })

  test('what is a default anyway', () => {
    const defaults = { temperature: 1, topP: 1 }
    const key = (sampling?: ModelCallRequest['sampling']) =>
      modelCallKey({ ...least, sampling }, { defaults }).digest
    expect(key({ temperature: 1 })).toBe(key())
    expect(key({ temperature: undefined })).toBe(key())
    expect(key({ temperature: 0 })).not.toBe(key())
    expect(
      digest({
        ...least,
        tools: [],
        toolChoice: { type: 'auto' },
        responseFormat: { type: 'text' },
        stop: [],
      }),
    ).toBe(digest(least))
    const tools = [{ type: 'function', name: 'a' }]
    expect(digest({ ...least, tools, toolChoice: 'auto' })).toBe(digest({ ...least, tools }))
    expect(digest({ ...least, tools, toolChoice: 'none' })).not.toBe(digest({ ...least, tools }))
  })

  test('the order and the spelling of stops', () => {
    expect(digest({ ...least, stop: ['a', 'b'] })).toBe(digest({ ...least, stop: ['b', 'a', 'b'] }))
    expect(digest({ ...least, stop: 'a' })).toBe(digest({ ...least, stop: ['a'] }))
  })

  test('how an image is spelled: bytes, base64, data URL, and the tagged data of AI SDK 7', () => {
    const bytes = new Uint8Array([1, 2, 3, 250])
    const base64 = Buffer.from(bytes).toString('base64')
    const spellings = [
      bytes,
      Buffer.from(bytes),
      bytes.buffer,
      base64,
      `data:image/png;base64,${base64}`,
      { type: 'data', data: bytes },
      { type: 'data', data: base64 },
    ]
    const keys = spellings.map((data) =>
      digest({
        ...least,
        messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data }] }],
      }),
    )
    expect(new Set(keys).size).toBe(1)
    const url = [
      'https://a.b/c.png',
      new URL('https://a.b/c.png'),
      { type: 'url', url: new URL('https://a.b/c.png') },
    ]
    const urls = url.map((data) =>
      digest({ ...least, messages: [{ role: 'user', content: [{ type: 'file', data }] }] }),
    )
    expect(new Set(urls).size).toBe(1)
  })
})

describe('provider options by rule', () => {
  const request = { ...least, providerOptions: { openai: { a: 1, b: 2 } } }

  test('allow takes only what it names', () => {
    const key = (b: number) =>
      modelCallKey(
        { ...least, providerOptions: { openai: { a: 1, b } } },
        { providerOptions: { allow: ['openai.a'] } },
      ).digest
    expect(key(2)).toBe(key(3))
    expect(modelCallKey(request, { providerOptions: { allow: ['openai.a', 'openai.b'] } }).digest).not.toBe(
      key(2),
    )
  })

  test('leaveOut takes all but what it names', () => {
    const options = { providerOptions: { leaveOut: ['openai.b'] } }
    expect(modelCallKey(request, options).digest).toBe(
      modelCallKey({ ...least, providerOptions: { openai: { a: 1 } } }, options).digest,
    )
  })
})

describe('refused', () => {
  test.for(['tenant', 'operation', 'provider', 'model'])('a call without %s', (name) => {
    for (const value of [undefined, '', 7]) {
      expect(() => modelCallKey({ ...least, [name]: value })).toThrow(
        expect.objectContaining({ code: 'E_CALL_FIELD', message: expect.stringContaining(name) as string }),
      )
    }
  })

  test('a prompt without an id', () => {
    expect(() => modelCallKey({ ...least, prompt: { id: '' } })).toThrow(
      expect.objectContaining({ code: 'E_CALL_FIELD' }),
    )
  })

  test('messages that contain themselves', () => {
    const message: Record<string, unknown> = { role: 'user' }
    message['content'] = [message]
    expect(() => modelCallKey({ ...least, messages: [message] })).toThrow(
      expect.objectContaining({
        code: 'E_CALL_VALUE',
        message: expect.stringContaining('contain') as string,
      }),
    )
  })
})

test('a key that was written down stays what it is', () => {
  expect(digest(full())).toBe('BjPbeTcv4bnInBnq6smtKqxRkqdRHznfW-8Ep8klqHY')
})
