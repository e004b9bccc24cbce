import { InMemoryCache } from '@langchain/langgraph-checkpoint'
import { HumanMessage } from '@langchain/core/messages'
import { type Cache, createCache, defineCatalog } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { langgraphCache, langgraphSpace } from '../src/langgraph/cache.ts'
import { langgraphCases } from './langgraph-cases.ts'

const clock = createFakeClock()
let cache: Cache

beforeEach(async () => {
  const catalog = defineCatalog({ prefix: 'graph', spaces: [langgraphSpace({ ttl: '1d' })] })
  cache = await createCache({ catalog, clock, sweepEvery: 0 })
})
afterEach(() => cache.close())

describe.each([
  ['of LangGraph itself', async () => new InMemoryCache(), [1]],
  ['over a cache', async () => langgraphCache({ cache, tenant: 'shop' }), []],
] as const)('%s', (_, open, differs) => {
  test.for(langgraphCases.filter((_case, index) => !(differs as readonly number[]).includes(index)))(
    '%s',
    async ([, run]) => run(await open()),
  )
})

const key: [string[], string] = [['n'], 'k']

test('a result lives as long as the policy of its node says, in seconds', async () => {
  const graph = await langgraphCache({ cache, tenant: 'shop' })
  await graph.set([{ key, value: 1, ttl: 3 }])
  await clock.advance(2_999)
  expect((await graph.get([key])).length).toBe(1)
  await clock.advance(1)
  expect(await graph.get([key])).toEqual([])
})

test('messages come back as messages; tenants share nothing, and clear only what is theirs', async () => {
  const [one, other] = [
    await langgraphCache({ cache, tenant: 'shop' }),
    await langgraphCache({ cache, tenant: 'shop-2' }),
  ]
  await one.set([{ key, value: [['messages', [new HumanMessage('hi')]]] }])
  expect(await other.get([key])).toEqual([])
  await other.clear([])
  const values = (await one.get([key])).map(({ value }) => value as [[string, HumanMessage[]]])
  expect(values.map(([[, messages]]) => messages[0] instanceof HumanMessage)).toEqual([true])
})

test('a cache that is away: nothing is found, nothing fails, and a clearing that did not happen says so', async () => {
  const graph = await langgraphCache({ cache, tenant: 'shop' })
  await cache.close()
  await graph.set([{ key, value: 1 }])
  expect(await graph.get([key])).toEqual([])
  await expect(graph.clear([])).rejects.toMatchObject({ code: 'E_CACHE_CLOSED' })
  await expect(langgraphCache({ cache, tenant: '' })).rejects.toMatchObject({ code: 'E_CALL_OPTION' })
})
