import {
  type Cache,
  type InvalidationLog,
  type Tier,
  createCache,
  defineCatalog,
  defineSpace,
  memoryLog,
} from '@reprise/cache'
import { type FakeClock, createFakeClock, mapTier } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lastingLog } from './rig.ts'

/** Random operations against a plain Map with expiry: whatever the tiers, a cache tells what the Map tells. */
const space = defineSpace({
  name: 'item',
  key: 'item:{tenant}:{id}',
  schema: z.unknown(),
  ttl: '10s',
  tags: ({ id }) => [`parity:${Number(id) % 2}`],
  backoff: false,
})
const catalog = defineCatalog({ prefix: 'test', spaces: [space] })

interface Params {
  readonly tenant: string
  readonly id: number
}
interface Known {
  readonly value: unknown
  readonly until: number
  readonly tags: readonly string[]
  readonly params: Params
}

const params = fc.record({ tenant: fc.constantFrom('ann', 'bob'), id: fc.nat(2) })
const many = fc.array(params, { minLength: 1, maxLength: 5 })
const ttl = fc.constantFrom(undefined, 0, 1_000, 5_000, Infinity)
const tags = fc.subarray(['red', 'blue'])
// As JSON tells them: it has no -0, so a tier gives 0 for it.
const value = fc
  .oneof(fc.constantFrom(0, '', false, null), fc.jsonValue({ maxDepth: 1 }))
  .map((one) => JSON.parse(JSON.stringify(one)) as fc.JsonValue)
const operation = fc.oneof(
  fc.record({ kind: fc.constantFrom('get', 'peek', 'has', 'ttl', 'delete', 'fail'), params }),
  fc.record({ kind: fc.constantFrom('load'), params, force: fc.boolean(), tags }),
  fc.record({ kind: fc.constantFrom('set'), params, value, ttl, tags }),
  fc.record({ kind: fc.constantFrom('touch'), params, ttl }),
  fc.record({ kind: fc.constantFrom('getMany', 'loadMany', 'setMany', 'dropKeys'), many }),
  fc.record({
    kind: fc.constantFrom('dropTag'),
    tag: fc.constantFrom('red', 'blue', 'parity:0', 'parity:1'),
  }),
  fc.record({ kind: fc.constantFrom('dropSpace', 'keys', 'restart', 'clear') }),
  fc.record({ kind: fc.constantFrom('dropTenant'), tenant: fc.constantFrom('ann', 'bob', 'eve') }),
  fc.record({ kind: fc.constantFrom('wait'), time: fc.constantFrom(1, 999, 1_000, 4_000, 9_999, 10_000) }),
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** Where the entries of a variant live, and whether it may forget living ones. */
interface Variant {
  readonly forgets: boolean
  readonly lasts: boolean
  readonly layout?: 'packed'
  open(clock: FakeClock): { tiers: readonly Tier[]; log: InvalidationLog; maxEntries: number }
}

const variants: Readonly<Record<string, Variant>> = {
  'memory alone': {
    forgets: false,
    lasts: false,
    open: () => ({ tiers: [], log: memoryLog(), maxEntries: 100 }),
  },
  'a memory of two entries alone': {
    forgets: true,
    lasts: false,
    open: () => ({ tiers: [], log: memoryLog(), maxEntries: 2 }),
  },
  'memory over a tier': {
    forgets: false,
    lasts: true,
    open: (clock) => ({ tiers: [mapTier({ clock })], log: lastingLog(), maxEntries: 100 }),
  },
  'a memory of two entries over two tiers': {
    forgets: false,
    lasts: true,
    open: (clock) => ({
      tiers: [mapTier({ clock, name: 'near' }), mapTier({ clock, name: 'far' })],
      log: lastingLog(),
      maxEntries: 2,
    }),
  },
  'a packed memory of two entries over a tier': {
    layout: 'packed',
    forgets: false,
    lasts: true,
    open: (clock) => ({ tiers: [mapTier({ clock })], log: lastingLog(), maxEntries: 2 }),
  },
  'a tier alone': {
    forgets: false,
    lasts: true,
    open: (clock) => ({ tiers: [mapTier({ clock })], log: lastingLog(), maxEntries: 0 }),
  },
}

async function play(variant: Variant, operations: readonly Operation[]): Promise<void> {
  const clock = createFakeClock()
  const { tiers, log, maxEntries } = variant.open(clock)
  const memory = { maxEntries, layout: variant.layout ?? ('objects' as const) }
  const start = async (): Promise<Cache> =>
    createCache({ catalog, clock, tiers, log, memory, random: () => 0.5, sweepEvery: 3_000 })
  let cache = await start()
  let handle = cache.open(space)
  const known = new Map<string, Known>()
  let loads = 0

  const fresh = (one: Params): Known | undefined => {
    const entry = known.get(handle.key(one))
    return entry !== undefined && clock.now() < entry.until ? entry : undefined
  }
  const store = (
    one: Params,
    given: { value: unknown; ttl?: number | undefined; tags?: readonly string[] },
  ): void => {
    const { ttl: life = 10_000 } = given
    const all = [`parity:${one.id % 2}`, ...(given.tags ?? [])]
    if (life <= 0) known.delete(handle.key(one))
    else known.set(handle.key(one), { value: given.value, until: clock.now() + life, tags: all, params: one })
  }
  const drop = (dies: (entry: Known) => boolean): void => {
    for (const [key, entry] of known) if (dies(entry)) known.delete(key)
  }
  /** What is told must be what is known; a variant that forgets may tell a miss, and then forgets for good. */
  const agree = (one: Params, told: unknown, wanted: unknown): void => {
    const missed = told === undefined || (told === false && typeof wanted === 'boolean')
    if (variant.forgets && missed && told !== wanted) known.delete(handle.key(one))
    else expect(told).toStrictEqual(wanted)
  }
  const loadOne = async (one: Params, force: boolean, more: readonly string[]): Promise<void> => {
    const before = fresh(one)
    let called = 0
    const mine = `loaded ${(loads += 1)}`
    const load = (context: { tags(...tags: readonly string[]): void }): string => {
      called += 1
      context.tags(...more)
      return mine
    }
    const got = await handle.getOrLoad(one, load, { forceRefresh: force })
    if (!variant.forgets || force || before === undefined)
      expect(called).toBe(force || before === undefined ? 1 : 0)
    expect(got).toStrictEqual(called === 1 ? mine : before?.value)
    if (called === 1) store(one, { value: mine, tags: more })
  }

  const steps: Record<string, (step: never) => unknown> = {
    get: async (step: { params: Params }) =>
      agree(step.params, await handle.get(step.params), fresh(step.params)?.value),
    peek(step: { params: Params }) {
      const told = handle.peek(step.params)
      if (told !== undefined) expect(told).toStrictEqual(fresh(step.params)?.value)
    },
    has: async (step: { params: Params }) =>
      agree(step.params, await handle.has(step.params), fresh(step.params) !== undefined),
    async ttl(step: { params: Params }) {
      const entry = fresh(step.params)
      agree(
        step.params,
        await handle.ttl(step.params),
        entry === undefined ? undefined : entry.until - clock.now(),
      )
    },
    async delete(step: { params: Params }) {
      const there = fresh(step.params) !== undefined
      const told = await handle.delete(step.params)
      if (there && !variant.forgets) expect(told).toBe(true)
      known.delete(handle.key(step.params))
    },
    async fail(step: { params: Params }) {
      const fail = async (): Promise<never> => Promise.reject(new Error('down'))
      const told = await handle.getOrLoad(step.params, fail).catch((error: { code: string }) => error.code)
      const entry = fresh(step.params)
      if (variant.forgets && told === 'E_LOADER_FAILED') known.delete(handle.key(step.params))
      else expect(told).toStrictEqual(entry === undefined ? 'E_LOADER_FAILED' : entry.value)
    },
    load: async (step: { params: Params; force: boolean; tags: string[] }) =>
      loadOne(step.params, step.force, step.tags),
    async set(step: { params: Params; value: unknown; ttl: number | undefined; tags: string[] }) {
      const { ttl: life } = step
      await handle.set(step.params, step.value, {
        tags: step.tags,
        ...(life === undefined ? {} : { ttl: life }),
      })
      store(step.params, step)
    },
    async touch(step: { params: Params; ttl: number | undefined }) {
      const entry = fresh(step.params)
      const told = await handle.touch(step.params, step.ttl)
      agree(step.params, told, entry !== undefined)
      if (told && entry !== undefined) {
        const more = entry.tags.filter((tag) => !tag.startsWith('parity'))
        store(step.params, { value: entry.value, ttl: step.ttl, tags: more })
      }
    },
    async getMany(step: { many: Params[] }) {
      const told = await handle.getMany(step.many)
      const wanted = step.many.map((one) => fresh(one)?.value)
      step.many.forEach((one, index) => agree(one, told[index], wanted[index]))
    },
    async loadMany(step: { many: Params[] }) {
      const missing = new Set(
        step.many.filter((one) => fresh(one) === undefined).map((one) => handle.key(one)),
      )
      const asked: string[] = []
      const told = await handle.getOrLoadMany(step.many, (members) => {
        asked.push(...members.map((one) => handle.key(one)))
        return members.map((one) => `batch ${handle.key(one)}`)
      })
      if (!variant.forgets) expect(new Set(asked)).toEqual(missing)
      expect(new Set(asked).size).toBe(asked.length)
      for (const [index, one] of step.many.entries()) {
        const loaded = asked.includes(handle.key(one))
        expect(told[index]).toStrictEqual(loaded ? `batch ${handle.key(one)}` : fresh(one)?.value)
      }
      for (const one of step.many)
        if (asked.includes(handle.key(one))) store(one, { value: `batch ${handle.key(one)}` })
    },
    async setMany(step: { many: Params[] }) {
      const items = step.many.map((one, index) => ({ params: one, value: index }))
      await handle.setMany(items)
      for (const item of items) store(item.params, item)
    },
    async dropKeys(step: { many: Params[] }) {
      await cache.invalidate({ keys: step.many.map((one) => handle.key(one)) })
      for (const one of step.many) known.delete(handle.key(one))
    },
    async dropTag(step: { tag: string }) {
      await cache.invalidate({ tags: [step.tag] })
      drop((entry) => entry.tags.includes(step.tag))
    },
    async dropTenant(step: { tenant: string }) {
      await cache.invalidate({ tenant: step.tenant })
      drop((entry) => entry.params.tenant === step.tenant)
    },
    async dropSpace() {
      await cache.invalidate({ spaces: ['item'] })
      known.clear()
    },
    async clear() {
      await cache.clear()
      known.clear()
    },
    async keys() {
      const listed: string[] = []
      let cursor: string | undefined
      do {
        const page = await handle.keys({ limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        listed.push(...page.keys.map(({ key }) => key))
        cursor = page.cursor
      } while (cursor !== undefined)
      const wanted = [...known].filter(([, { until }]) => clock.now() < until).map(([key]) => key)
      if (variant.forgets) expect(wanted).toEqual(expect.arrayContaining(listed))
      else expect(listed.toSorted()).toEqual(wanted.toSorted())
    },
    async restart() {
      await cache.close()
      if (!variant.lasts) known.clear()
      cache = await start()
      handle = cache.open(space)
    },
    wait: async (step: { time: number }) => clock.advance(step.time),
  }
  for (const step of operations) await steps[step.kind]?.(step as never)

  await clock.settle()
  const { flights, total } = cache.stats()
  const held = [...(await cache.tiers())].find(({ name }) => name === 'memory')
  expect([flights, held?.entries, held?.bytes]).toEqual([0, total.memoryEntries, total.memoryBytes])
  expect(total.memoryEntries).toBeLessThanOrEqual(maxEntries)
  await cache.clear()
  await clock.settle()
  expect(cache.stats().total).toMatchObject({ memoryEntries: 0, memoryBytes: 0 })
  for (const tier of await cache.tiers()) expect(tier).toMatchObject({ entries: 0, bytes: 0 })
  await cache.close()
  expect(clock.pending).toBe(0)
}

describe('any run of operations tells what a Map would tell', () => {
  test.each(Object.entries(variants))('%s', async (_, variant) => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40 }), async (operations) =>
        play(variant, operations),
      ),
      { numRuns: 200 },
    )
  })
})
