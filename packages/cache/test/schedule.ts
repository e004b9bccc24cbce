import { type Tier, type TierRecord, createCache, defineCatalog, defineSpace, race } from '@reprise/cache'
import { type FakeClock, createFakeClock, mapTier } from '@reprise/cache/testing'
import { expect } from 'vitest'
import { z } from 'zod'
import { lastingLog, storedValue } from './rig.ts'

const space = defineSpace({
  name: 'item',
  key: 'item:{id}',
  schema: z.number(),
  ttl: '1h',
  tags: ({ id }) => [`id:${String(id)}`],
  backoff: false,
})
const catalog = defineCatalog({ prefix: 'test', spaces: [space] })

/** Random numbers that a seed reproduces (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A tier that takes its time, before or after the deed. */
function slow(tier: Tier, clock: FakeClock, random: () => number): Tier {
  const pause = async (): Promise<void> => {
    if (random() < 0.3) return
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 1 + Math.floor(random() * 20)))
  }
  const lazily =
    <A extends readonly unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await pause()
      const result = await call(...given)
      await pause()
      return result
    }
  return {
    ...tier,
    read: lazily(async (keys: readonly string[]) => tier.read(keys)),
    write: lazily(async (records: readonly TierRecord[]) => tier.write(records)),
    remove: lazily(async (keys: readonly string[]) => tier.remove(keys)),
  }
}

/** What a schedule may do, and over what. */
export interface Schedule {
  readonly sets: boolean
  /** Tags that only the loader tells. */
  readonly loaderTags: boolean
  readonly tiers: number
  readonly maxEntries: number
  /** How memory keeps entries. @default 'objects' */
  readonly layout?: 'objects' | 'packed'
}

/**
 * Runs one random schedule: calls that overlap each other and a slow tier. Every value is the number of the step
 * that made it. Checks that a read which began after an invalidation had resolved never gets a value whose
 * making had begun before that invalidation was called, and that in the end memory and tiers tell the same.
 */
export async function runSchedule(
  seed: number,
  { sets, loaderTags, tiers: count, maxEntries, layout = 'objects' }: Schedule,
): Promise<void> {
  const random = seeded(seed)
  const clock = createFakeClock()
  const stores = Array.from({ length: count }, () => new Map<string, TierRecord>())
  const tiers = stores.map((records, index) =>
    slow(mapTier({ clock, records, name: `tier-${index}` }), clock, random),
  )
  const plain = lastingLog()
  const pausing = slow(mapTier({ clock }), clock, random)
  const log = {
    ...plain,
    async append(marks: readonly string[]) {
      const position = await plain.append(marks)
      await pausing.read([])
      return position
    },
  }
  const cache = await createCache({
    catalog,
    clock,
    tiers,
    log,
    memory: { maxEntries, layout },
    random,
    sweepEvery: 0,
  })
  const handle = cache.open(space)
  const ids = [1, 2]
  const floors = new Map(ids.map((id) => [id, 0]))
  const working = new Set<Promise<void>>()
  let step = 0

  const check = (id: number, floor: number, value: number | undefined, what: string): void => {
    if (value !== undefined && value < floor)
      expect.fail(
        `seed ${seed}: ${what} of ${id} got the value of step ${value}, invalidated by step ${floor}`,
      )
  }
  const wait = async (): Promise<void> =>
    new Promise((resolve) => clock.setTimeout(resolve, 1 + Math.floor(random() * 30)))

  async function act(id: number, mine: number): Promise<void> {
    const draw = random()
    const floor = floors.get(id) as number
    if (draw < 0.2) check(id, floor, await handle.get({ id }), 'get')
    else if (draw < 0.25) check(id, floor, handle.peek({ id }), 'peek')
    else if (draw < 0.55) {
      let called = mine
      const strategy = async (): Promise<number> => {
        await wait()
        return called
      }
      const slower = async (): Promise<number> => {
        await wait()
        return strategy()
      }
      const races = random() < 0.4
      const value = await handle.getOrLoad({ id }, (context) => {
        // Its data is as of now, however long it takes to bring it.
        called = step
        if (loaderTags) context.tags('hidden')
        return races ? race({ fast: strategy, premium: slower }, { clock })(context) : strategy()
      })
      check(id, floor, value, 'getOrLoad')
    } else if (draw < 0.7 && sets) await handle.set({ id }, mine)
    else if (draw < 0.75) await handle.touch({ id }, '2h')
    else if (draw < 0.85) {
      await handle.delete({ id })
      floors.set(id, Math.max(mine, floors.get(id) as number))
    } else {
      const all = random() < 0.3
      const target = all ? (loaderTags ? { tags: ['hidden'] } : { spaces: ['item'] }) : { tags: [`id:${id}`] }
      await cache.invalidate(target)
      // A value that was set does not carry the loader's tag.
      if (all && loaderTags && sets) return
      for (const one of all ? ids : [id]) floors.set(one, Math.max(mine, floors.get(one) as number))
    }
  }

  for (let turn = 0; turn < 40; turn += 1) {
    step += 1
    const id = ids[Math.floor(random() * ids.length)] as number
    const work: Promise<void> = act(id, step).finally(() => working.delete(work))
    working.add(work)
    work.catch(() => {})
    if (random() < 0.6) await clock.advance(Math.floor(random() * 15))
  }
  const all = Promise.all(working)
  await clock.advance(10_000)
  await all
  for (const id of ids) {
    const value = handle.peek({ id })
    for (const records of stores) {
      // A write that was cut off may have reached no tier; none may have another value.
      const stored = storedValue(records.get(handle.key({ id })))
      if (value !== undefined && stored !== undefined)
        expect(stored, `seed ${seed}: a tier and memory differ about ${id}`).toBe(value)
    }
    const read = handle.get({ id })
    await clock.advance(1_000)
    check(id, floors.get(id) as number, await read, 'the last get')
  }
  expect(cache.stats().flights, `seed ${seed}`).toBe(0)
  await cache.close()
  expect(clock.pending, `seed ${seed}`).toBe(0)
}
