import { expect, test } from 'vitest'
import { openNode } from './outage-rig.ts'
import { startOwnRedis } from './redis-server.ts'

test('a lease that was asked for while Redis was frozen, by a process that is gone, holds nobody up', async () => {
  const server = await startOwnRedis()
  const gone = await openNode(server.url, 'orphan')
  const other = await openNode(server.url, 'orphan')
  try {
    // The scripts are there from now on.
    await gone.pages.getOrLoad({ id: 0 }, () => 'first')
    server.freeze()
    expect(await gone.pages.getOrLoad({ id: 1 }, () => 'without a lease')).toBe('without a lease')
    await gone.cache.close({ timeout: 0 })
    server.thaw()
    const start = performance.now()
    expect(await other.pages.getOrLoad({ id: 1 }, () => 'loaded')).toBe('loaded')
    expect(performance.now() - start).toBeLessThan(2_000)
  } finally {
    await other.cache.close({ timeout: 100 })
    await server.stop()
  }
})
