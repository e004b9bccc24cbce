import { type Cache, type CacheOptions, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { z } from 'zod'

const notes = defineSpace({
  name: 'note',
  key: 'note:{tenant}:{id}',
  schema: z.unknown(),
  ttl: '1h',
  tags: ({ id }) => [`id:${id}`],
})
const profiles = defineSpace({
  name: 'profile',
  key: 'profile:{id}',
  schema: z.unknown(),
  ttl: '1h',
  format: 'document',
})
const tenants = ['ann', 'bob']
const ids = [0, 1, 2, 3, 4]

type Entry = readonly [space: typeof notes | typeof profiles, params: never]
const everything: readonly Entry[] = [
  ...tenants.flatMap((tenant) => ids.map((id): Entry => [notes, { tenant, id } as never])),
  ...ids.map((id): Entry => [profiles, { id } as never]),
]

const place = fc.nat({ max: everything.length - 1 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), place, value: fc.string() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('load' as const), place, value: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tag' as const), id: fc.constantFrom(...ids) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tenant' as const), tenant: fc.constantFrom(...tenants) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('space' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const) }) },
)
/** Runs of operations on two spaces. */
export const workload = fc.array(step, { minLength: 1, maxLength: 40 })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** A store under a cache, as one who looks into it with other means sees it. */
export interface Store {
  readonly options: Pick<CacheOptions, 'tiers' | 'log' | 'shared'>
  /** Keys under the prefix of the catalog, and the bytes of their values. */
  count(): Promise<{ readonly entries: number; readonly bytes: number }>
  /** Puts in a key of somebody else, and tells whether it is there. */
  writeForeign(): Promise<void>
  hasForeign(): Promise<boolean>
  empty(): Promise<void>
}

async function carryOut(cache: Cache, one: Step): Promise<void> {
  const entry = 'place' in one ? (everything[one.place] as Entry) : undefined
  const handle = entry && cache.open(entry[0] as typeof notes)
  const params = entry?.[1] as never
  if (one.kind === 'set') await handle?.set(params, one.value)
  else if (one.kind === 'load') await handle?.getOrLoad(params, () => one.value)
  else if (one.kind === 'delete') await handle?.delete(params)
  else if (one.kind === 'tag') await cache.invalidate({ tags: [`id:${one.id}`] })
  else if (one.kind === 'tenant') await cache.invalidate({ tenant: one.tenant })
  else if (one.kind === 'space') await cache.invalidate({ spaces: ['profile'] })
  else await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
}

/** What is there to be read: the keys that a read of each possible one finds. */
async function readable(cache: Cache): Promise<string[]> {
  const found = await Promise.all(
    everything.map(async ([space, params]) => {
      const handle = cache.open(space as typeof notes)
      return (await handle.has(params)) ? [handle.key(params)] : []
    }),
  )
  return found.flat().toSorted()
}

async function look(cache: Cache) {
  return { keys: await readable(cache), counts: await cache.counts() }
}

/** Plays a workload; then counts, lists and pages have to tell what the store has. */
export async function play(store: Store, steps: readonly Step[], maxEntries: number): Promise<void> {
  await store.empty()
  const catalog = defineCatalog({ prefix: 'counted', spaces: [notes, profiles] })
  const cache = await createCache({ catalog, sweepEvery: 0, memory: { maxEntries }, ...store.options })
  try {
    await store.writeForeign()
    for (const one of steps) await carryOut(cache, one)
    let { keys, counts } = await look(cache)
    // A loaded value is stored when its caller has been answered.
    while (keys.join() !== (await readable(cache)).join()) ({ keys, counts } = await look(cache))
    expect(counts.entries).toBe(keys.length)
    expect([...counts.spaces.values()].reduce((sum, { entries }) => sum + entries, 0)).toBe(keys.length)
    const listed: string[] = []
    for (let page = 1; listed.length < keys.length; page += 1) {
      const { items, total } = await cache.entries({ page, pageSize: 2 })
      expect([total, items.length]).toEqual([keys.length, Math.min(2, keys.length - listed.length)])
      listed.push(...items.map(({ key }) => key))
    }
    expect(listed.toSorted()).toEqual(keys)
    const walked: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await cache.list({ limit: 3, ...(cursor === '' ? {} : { cursor }) })
      walked.push(...page.items.map(({ key }) => key))
      cursor = page.cursor
    }
    expect(walked.toSorted()).toEqual(keys)
    // What marks have made unreadable is removed in the background: then there is nothing else in the store.
    const { removed } = await cache.clear()
    expect(removed).toBeGreaterThanOrEqual(keys.length)
    expect(await store.count()).toEqual({ entries: 0, bytes: 0 })
    expect(await store.hasForeign()).toBe(true)
    for (const [at, [space, params]] of everything.entries())
      if (at % 2 === 0) await cache.open(space as typeof notes).set(params, 'x'.repeat(at))
    const held = await store.count()
    const [, below] = (await cache.counts()).tiers
    expect(below).toMatchObject({ reachable: true, ...held })
    expect(held.entries).toBe(Math.ceil(everything.length / 2))
    await cache.clear()
    expect((await cache.counts()).entries).toBe(0)
    expect(await store.hasForeign()).toBe(true)
  } finally {
    await cache.close()
  }
}
