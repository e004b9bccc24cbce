import { createCache, defineCatalog } from '@reprise/cache'
import { assert, asyncProperty } from 'fast-check'
import { expect, test } from 'vitest'
import { lastQuestion, withQuestion } from '../src/semantic/question.ts'
import { modelCallSpace } from '../src/spaces.ts'
import { changed, changes, full } from './request-fields.ts'
import { asking, askingOver, stepsIn, takeSteps } from './semantic-crossing-rig.ts'
import { lyingStore } from './semantic-rig.ts'

async function setUp() {
  const catalog = defineCatalog({ prefix: 'test', spaces: [modelCallSpace({ ttl: '1h' })] })
  return askingOver(await createCache({ catalog, sweepEvery: 0 }), lyingStore())
}

test('an answer to a like question serves no call that differs in any other field, even if the store lies', async () => {
  const { cache, keep, find } = await setUp()
  await keep(asking(full(), 'where'), 'kept')
  expect(await find(asking(full(), 'at which place'))).toBe('kept')
  for (const [path, value] of changes)
    expect([path, await find(asking(changed(path, value), 'at which place'))]).toEqual([path, undefined])
  await cache.close()
})

test('whatever is asked and invalidated, an answer found by likeness is the last living one of the same context', async () => {
  await assert(
    asyncProperty(stepsIn(1), async (steps) => {
      const process = await setUp()
      await takeSteps([process], steps)
      await process.cache.close()
    }),
    { numRuns: 25 },
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
