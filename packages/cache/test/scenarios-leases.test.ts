/** Rows of the table of interleavings that are about leases, loads and the commands of a slow store. */
import { describe, expect, test } from 'vitest'
import type { SimulatedProcess } from '../src/testing/simulation/process.ts'
import { type Stage, createStage } from '../src/testing/simulation/stage.ts'

const id = { id: 1 }
const key = 'sim:plain:1'

async function pair(): Promise<{ stage: Stage; a: SimulatedProcess; b: SimulatedProcess }> {
  const stage = createStage()
  return { stage, a: await stage.start('a'), b: await stage.start('b') }
}

/** A loader that takes its time, and how often it was called. */
function slow(
  stage: Stage,
  milliseconds: number,
  value: () => number,
): { (): Promise<number>; calls: number } {
  const loader = async (): Promise<number> => {
    loader.calls += 1
    const seen = value()
    await stage.sleep(milliseconds)
    return seen
  }
  loader.calls = 0
  return loader
}

describe('scenarios: leases and loads', () => {
  test('03 a new caller joins a flight that an invalidation has doomed', async () => {
    const { stage, a, b } = await pair()
    let source = 1
    const load = slow(stage, 40, () => source)
    const before = a.handle('plain').getOrLoad(id, load)
    await stage.pass(10)
    source = 2
    await stage.come(b.cache.invalidate({ tags: ['plain-1'] }))
    await stage.pass(5)
    const after = a.handle('plain').getOrLoad(id, load)
    expect(await stage.come(before)).toBe(1)
    expect(await stage.come(after)).toBe(2)
    expect(load.calls).toBe(2)
    expect(await stage.come(b.handle('plain').get(id))).toBe(2)
  })

  // A late upgrade, where `gen` decides, is in race-shared.test.ts; here a late result is refused by its token.
  test('04 a late result overwrites the value that was loaded after an invalidation', async () => {
    const { stage, a, b } = await pair()
    const late = a.handle('plain').getOrLoad(
      id,
      slow(stage, 60, () => 1),
    )
    await stage.pass(10)
    await stage.come(b.handle('plain').delete(id))
    expect(await stage.come(b.handle('plain').getOrLoad(id, () => 2))).toBe(2)
    expect(await stage.come(late)).toBe(1)
    await stage.pass(20)
    for (const process of [a, b]) expect(await stage.come(process.handle('plain').get(id))).toBe(2)
  })

  test('05 a load that timed out on acquire stores later', async () => {
    const { stage, a, b } = await pair()
    const acquire = a.link.hold('acquire')
    const loading = a.handle('plain').getOrLoad(
      id,
      slow(stage, 20, () => 1),
    )
    await stage.pass(70)
    acquire.release()
    expect(await stage.come(loading)).toBe(1)
    await stage.pass(50)
    expect(stage.server.read(key)).toBeUndefined()
    // The lease that came too late holds nobody up.
    const load = slow(stage, 1, () => 2)
    const asked = stage.scheduler.now()
    expect(await stage.come(b.handle('plain').getOrLoad(id, load))).toBe(2)
    expect(stage.scheduler.now() - asked).toBeLessThan(10)
  })

  test.each(['set', 'delete', 'load'] as const)(
    '06 a %s that was given up at its deadline still executes',
    async (what) => {
      const { stage, a, b } = await pair()
      const handle = a.handle('plain')
      const command = a.link.hold(what === 'delete' ? 'remove' : 'store')
      const given =
        what === 'set'
          ? handle.set(id, 1)
          : what === 'delete'
            ? handle.delete(id)
            : handle.getOrLoad(id, () => 1)
      const told = given.then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
      await stage.pass(70)
      expect(command.caught).toBe(true)
      expect(await stage.come(told)).toBe(
        { set: 'E_TIER_WRITE', delete: 'E_INVALIDATION_UNKNOWN', load: 'done' }[what],
      )
      await stage.come(b.handle('plain').set(id, 2))
      command.release()
      await stage.pass(50)
      // A late removal costs one more load; a late store is refused.
      for (const process of [a, b])
        expect(await stage.come(process.handle('plain').getOrLoad(id, () => 3))).toBeGreaterThan(1)
    },
  )

  test('09 a late heart-beat recreates or extends a lease', async () => {
    const { stage, a, b } = await pair()
    const beat = a.link.hold('extend')
    const loading = a.handle('plain').getOrLoad(
      id,
      slow(stage, 50, () => 1),
    )
    await stage.pass(45)
    expect(beat.caught).toBe(true)
    await stage.come(b.handle('plain').delete(id))
    beat.release()
    await stage.pass(3)
    const acquired = stage.server.acquire({ key, format: 'entry' }, { token: 'b', lease: 1 }, 1)
    expect(acquired.kind).toBe('granted')
    expect(await stage.come(loading)).toBe(1)
  })

  test('19 a tag-dead value blocks fresh ones, as far as one lease goes: ranks come with races', async () => {
    const { stage, a, b } = await pair()
    a.link.hold('list')
    await stage.come(b.handle('plain').getOrLoad(id, () => 1))
    await stage.come(a.cache.invalidate({ tags: ['plain-1'] }))
    expect(stage.server.read(key)).toBeDefined()
    const loading = b.handle('plain').getOrLoad(
      id,
      slow(stage, 20, () => 2),
    )
    await stage.pass(10)
    // The dead value is gone as soon as it was judged.
    expect(stage.server.read(key)).toBeUndefined()
    expect(await stage.come(loading)).toBe(2)
    await stage.pass(5)
    expect(await stage.come(a.handle('plain').get(id))).toBe(2)
  })

  test('23 a long pause loses a lease and paid work: an expired token that nobody took still stores', async () => {
    const { stage, a, b } = await pair()
    const loading = a.handle('plain').getOrLoad(
      id,
      slow(stage, 2_000, () => 1),
    )
    await stage.pass(10)
    a.link.cut = true
    await stage.pass(1_500)
    a.link.cut = false
    await stage.pass(300)
    expect(await stage.come(loading)).toBe(1)
    await stage.pass(10)
    expect(await stage.come(b.handle('plain').get(id))).toBe(1)
  })

  test('25 waiters are woken for a value that is deleted already: they load anew', async () => {
    const { stage, a, b } = await pair()
    const first = a.handle('plain').getOrLoad(
      id,
      slow(stage, 30, () => 1),
    )
    await stage.pass(5)
    const waiting = b.handle('plain').getOrLoad(
      id,
      slow(stage, 5, () => 2),
    )
    await stage.pass(10)
    const acquire = b.link.hold('acquire')
    expect(await stage.come(first)).toBe(1)
    await stage.pass(10)
    expect(acquire.caught).toBe(true)
    await stage.come(a.handle('plain').delete(id))
    acquire.release()
    expect(await stage.come(waiting)).toBe(2)
  })

  test('25 constant invalidation starves nobody', async () => {
    const { stage, a, b } = await pair()
    let source = 0
    let on = true
    const storm = (async () => {
      while (on) {
        source += 1
        await a.cache.invalidate({ tags: ['plain-1'] })
        await stage.sleep(5)
      }
    })()
    const asked = stage.scheduler.now()
    const values = await stage.come(
      Promise.all(
        [a, b].map((process) =>
          process.handle('plain').getOrLoad(
            id,
            slow(stage, 30, () => source),
          ),
        ),
      ),
    )
    expect(stage.scheduler.now() - asked).toBeLessThan(500)
    for (const value of values) expect(value).toBeGreaterThan(0)
    on = false
    await stage.come(storm)
  })

  // Resharding, TRYAGAIN and ASK are of the Redis client's tests; a crash is the same everywhere.
  test('27 a crash between loader and store: a waiter takes over; after a store it is woken at once', async () => {
    const { stage, a, b } = await pair()
    const store = a.link.hold('store')
    void a.handle('plain').getOrLoad(id, () => 1)
    await stage.pass(10)
    expect(store.caught).toBe(true)
    const load = slow(stage, 50, () => 2)
    const waiting = b.handle('plain').getOrLoad(id, load)
    await stage.pass(10)
    a.alive = false
    expect(await stage.come(waiting)).toBe(2)
    const c = await stage.start('c')
    await stage.come(b.handle('plain').delete(id))
    const loading = b.handle('plain').getOrLoad(id, load)
    await stage.pass(10)
    const woken = c.handle('plain').getOrLoad(id, load)
    await stage.come(loading)
    const stored = stage.scheduler.now()
    expect(await stage.come(woken)).toBe(2)
    expect(stage.scheduler.now() - stored).toBeLessThan(10)
    expect(load.calls).toBe(2)
  })
})
