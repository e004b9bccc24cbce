import { type Cache, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createStage } from '../src/testing/simulation/stage.ts'

const space = (policy: { refreshAhead?: number; earlyRefresh?: number; staleWhileRevalidate?: number }) =>
  defineSpace({ name: 'note', key: 'note:{id}', schema: z.string(), ttl: 10_000, ...policy })

describe('refreshes among processes', () => {
  test.each([
    ['refresh-ahead', { refreshAhead: 2_000 }, 8_500],
    ['XFetch', { earlyRefresh: 100 }, 9_000],
    ['stale while revalidate', { staleWhileRevalidate: 5_000 }, 10_500],
  ])('%s: every process notices, one loads, all get the new value', async (_, policy, when) => {
    const stage = createStage()
    const { scheduler } = stage
    const declared = space(policy)
    const catalog = defineCatalog({ prefix: 'test', spaces: [declared] })
    const start = async (): Promise<Cache> => {
      const clock = scheduler.clock(0, () => true)
      const link = stage.link({ now: clock.now })
      return stage.come(
        createCache({ catalog, shared: link.shared, clock, random: () => 0.5, sweepEvery: 0 }),
      )
    }
    const handles = [await start(), await start(), await start()].map((cache) => cache.open(declared))
    let loads = 0
    const load = async (): Promise<string> => {
      loads += 1
      const mine = `load ${loads}`
      await new Promise<void>((resolve) => scheduler.after(100, resolve))
      return mine
    }
    const readAll = async (): Promise<string[]> =>
      stage.come(Promise.all(handles.map(async (handle) => handle.getOrLoad({ id: 1 }, load))))
    expect(await readAll()).toEqual(['load 1', 'load 1', 'load 1'])
    await stage.pass(when)
    // Nobody waits for the refresh.
    expect(await readAll()).toEqual(['load 1', 'load 1', 'load 1'])
    await stage.pass(500)
    expect(loads).toBe(2)
    expect(await readAll()).toEqual(['load 2', 'load 2', 'load 2'])
    expect(loads).toBe(2)
  })
})
