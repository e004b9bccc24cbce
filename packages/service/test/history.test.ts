import { createCache, defineCatalog } from '@reprise/cache'
import { type FakeClock, createFakeClock, mapTier } from '@reprise/cache/testing'
import { afterEach, expect, test } from 'vitest'
import { type History, createHistory } from '../src/history.ts'
import { headlines, quotes } from './start-service.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function watched() {
  const clock: FakeClock = createFakeClock()
  const catalog = defineCatalog({ prefix: 'test', spaces: [quotes, headlines] })
  const cache = await createCache({ catalog, clock, sweepEvery: 0, tiers: [mapTier({ clock })] })
  const history: History = createHistory(cache, { clock, every: 10_000, keep: 360 })
  history.start()
  closers.push(
    () => cache.close(),
    () => history.stop(),
  )
  const space = cache.open(quotes)
  const read = async (symbol: string): Promise<unknown> =>
    space.getOrLoad({ market: 'sh', symbol }, async () => {
      if (symbol === 'bad') throw new Error('down')
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 500))
      return { price: 1 }
    })
  return { clock, cache, history, read, began: clock.now() }
}

test('a span has what was done in it and nothing of the one before', async () => {
  const { clock, history, read, began } = await watched()
  const first = read('a')
  await clock.advance(500)
  await first
  await read('a')
  await clock.advance(9_500)
  await read('a')
  await read('bad').catch(() => {})
  await clock.advance(10_000)
  expect(history.rows()).toMatchObject([
    {
      from: began,
      length: 10_000,
      hits: 1,
      misses: 1,
      loads: 1,
      loadTimes: { count: 1, time: 500 },
      loadFailures: 0,
    },
    {
      from: began + 10_000,
      length: 10_000,
      hits: 1,
      misses: 1,
      loads: 1,
      loadTimes: { count: 0 },
      loadFailures: 1,
    },
  ])
})

test('the span that is not over is there once it is a second long, and is replaced by its whole', async () => {
  const { clock, history, cache, began } = await watched()
  await cache.open(headlines).set({}, ['news'])
  await cache.open(headlines).get({})
  await clock.advance(999)
  expect(history.rows()).toEqual([])
  await clock.advance(1)
  expect(history.rows()).toMatchObject([{ from: began, length: 1_000, hits: 1 }])
  await cache.open(headlines).get({})
  await clock.advance(12_000)
  expect(history.rows({ since: began })).toMatchObject([
    { from: began, length: 10_000, hits: 2 },
    { from: began + 10_000, length: 3_000, hits: 0 },
  ])
  expect(history.rows({ since: began + 1 })).toHaveLength(1)
})

test('one space is told by itself, and a space that did nothing as nothing', async () => {
  const { clock, history, cache } = await watched()
  await cache.open(headlines).get({})
  await clock.advance(10_000)
  expect(history.rows({ space: 'headlines' })).toMatchObject([
    { misses: 1, tiers: [{ tier: 'map', reads: { count: 1 }, writes: { count: 0 } }] },
  ])
  expect(history.rows({ space: 'stock_quote' })).toMatchObject([{ misses: 0, length: 10_000 }])
})

test('an hour is kept and no more, and a stopped history does not grow', async () => {
  const { clock, history, began } = await watched()
  await clock.advance(2 * 3_600_000)
  const rows = history.rows()
  expect(rows).toHaveLength(360)
  expect(rows[0]?.from).toBe(began + 3_600_000)
  history.stop()
  expect(clock.pending).toBe(0)
})
