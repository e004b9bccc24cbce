import { createCache, defineCatalog } from '@reprise/cache'
import { array, assert, asyncProperty, constantFrom, record } from 'fast-check'
import { expect, test } from 'vitest'
import { callTags, invalidateCalls } from '../src/call-tags.ts'
import { modelCallKey } from '../src/key/call-key.ts'
import type { ModelCallRequest } from '../src/key/request.ts'
import { lastQuestion, withQuestion } from '../src/semantic/question.ts'
import { modelCallSpace } from '../src/spaces.ts'
import { changed, changes, full } from './request-fields.ts'
import { lyingStore, tierOf } from './semantic-rig.ts'

const space = modelCallSpace({ ttl: '1h' })

async function setUp() {
  const cache = await createCache({
    catalog: defineCatalog({ prefix: 'test', spaces: [space] }),
    sweepEvery: 0,
  })
  const store = lyingStore()
  const tier = tierOf({ store })
  const call = (request: ModelCallRequest, documents?: readonly string[]) => ({
    cache,
    request,
    key: {},
    answer: 0,
    documents,
    textOf: () => '',
  })
  return {
    cache,
    async keep(request: ModelCallRequest, body: unknown, documents?: readonly string[]) {
      const { tenant, model, digest } = modelCallKey(request)
      const entry = { at: 0, from: 'generate' as const, body }
      await cache
        .open(space)
        .set({ tenant, model, digest, answer: 0 }, entry, { tags: callTags(request, documents) })
      tier.search(call(request, documents))?.learn()
      await tier.idle()
    },
    /** The answer to a like question, where one is given. */
    find: async (request: ModelCallRequest, documents?: readonly string[]) =>
      (await tier.search(call(request, documents))?.find(new AbortController().signal))?.stored.body,
  }
}

const asking = (request: ModelCallRequest, text: string): ModelCallRequest => ({
  ...request,
  messages: [...(request.messages ?? []), { role: 'user', content: [{ type: 'text', text }] }],
})

test('an answer to a like question serves no call that differs in any other field, even if the store lies', async () => {
  const { cache, keep, find } = await setUp()
  await keep(asking(full(), 'where'), 'kept')
  expect(await find(asking(full(), 'at which place'))).toBe('kept')
  for (const [path, value] of changes)
    expect([path, await find(asking(changed(path, value), 'at which place'))]).toEqual([path, undefined])
  await cache.close()
})

test('whatever is asked and invalidated, an answer found by likeness is the last living one of the same context', async () => {
  const name = constantFrom('a', 'b')
  const step = record({
    what: constantFrom('keep', 'keep', 'find', 'find', 'drop tenant', 'drop version'),
    tenant: name,
    model: name,
    version: name,
    system: name,
    question: constantFrom('where', 'at which place'),
  })
  await assert(
    asyncProperty(array(step, { maxLength: 25 }), async (steps) => {
      const { cache, keep, find } = await setUp()
      const living = new Map<string, { tenant: string; version: string; body: number }>()
      for (const [body, { what, tenant, model, version, system, question }] of steps.entries()) {
        const request = asking(
          {
            tenant,
            model,
            operation: 'chat',
            provider: 'p',
            prompt: { id: 'coach', version },
            messages: [{ role: 'system', content: system }],
          },
          question,
        )
        const context = JSON.stringify([tenant, model, version, system])
        const other = question === 'where' ? 'at which place' : 'where'
        if (what === 'keep') {
          await keep(request, body)
          living.set(`${context}${question}`, { tenant, version, body })
        } else if (what === 'find') expect(await find(request)).toBe(living.get(`${context}${other}`)?.body)
        else {
          const target = what === 'drop tenant' ? { tenant } : { prompt: { id: 'coach', version } }
          await invalidateCalls(cache, target)
          for (const [key, one] of living)
            if (what === 'drop tenant' ? one.tenant === tenant : one.version === version) living.delete(key)
        }
      }
      await cache.close()
    }),
    { numRuns: 40 },
  )
})

test('the last question is the one text of the last message of a user, and its files stay', () => {
  const image = { type: 'file', mediaType: 'image/png', data: new Uint8Array([1]) }
  const text = (words: string) => ({ type: 'text', text: words })
  const messages = (content: unknown, role = 'user') => ({
    messages: [
      { role: 'system', content: 's' },
      { role, content },
    ],
  })
  expect(lastQuestion(messages('plain'))).toBe('plain')
  expect(withQuestion(messages('plain'), 'other')).toEqual(messages('other'))
  expect(lastQuestion(messages([image, text('what')]))).toBe('what')
  expect(withQuestion(messages([image, text('what')]), 'who')).toEqual(messages([image, text('who')]))
  for (const none of [messages('x', 'assistant'), messages([text('a'), text('b')]), messages([image]), {}])
    expect(lastQuestion(none)).toBeUndefined()
})
