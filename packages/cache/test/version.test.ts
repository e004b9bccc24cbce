/** What is done to one version of an entry: replacing it, and removing it. */
import { type Cache, createCache, defineCatalog, defineSpace, memoryLog } from '@reprise/cache'
import { type FakeClock, createFakeClock, mapTier } from '@reprise/cache/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const space = defineSpace({ name: 'word', key: 'word:{id}', schema: z.string(), ttl: '1h' })
let cache: Cache
let clock: FakeClock
const one = { id: 1 }
const words = () => cache.open(space)
const versionNow = async (): Promise<string> => (await words().find(one))?.version ?? ''

describe.for([
  ['memory', false],
  ['memory and a tier below', true],
] as const)('%s', ([, below]) => {
  beforeEach(async () => {
    clock = createFakeClock()
    cache = await createCache({
      catalog: defineCatalog({ prefix: 'v', spaces: [space] }),
      clock,
      sweepEvery: 0,
      log: memoryLog(),
      ...(below && { tiers: [{ ...mapTier({ clock }), durable: false }] }),
    })
  })
  afterEach(async () => cache.close())

  /** A load that ends when it is told to. */
  function loader() {
    const calls: ((value: string) => void)[] = []
    const load = async (): Promise<string> => new Promise((resolve) => void calls.push(resolve))
    return { calls, load }
  }

  test('replacing a version is one load, and the old value is served until it ends', async () => {
    await words().set(one, 'old')
    const version = await versionNow()
    const { calls, load } = loader()
    const replaced = Promise.all(
      [1, 2, 3].map(async () => words().getOrLoad(one, load, { replacing: version })),
    )
    await clock.settle()
    expect(await words().get(one)).toBe('old')
    calls[0]?.('new')
    expect(await replaced).toEqual(['new', 'new', 'new'])
    expect([await words().get(one), calls.length]).toEqual(['new', 1])
  })

  test('another version is an answer; nothing is loaded', async () => {
    await words().set(one, 'old')
    const version = await versionNow()
    await words().set(one, 'newer')
    const { calls, load } = loader()
    expect(await words().getOrLoad(one, load, { replacing: version })).toBe('newer')
    expect(calls).toHaveLength(0)
  })

  test('where the load fails the old value stays, and the loader is left alone', async () => {
    await words().set(one, 'old')
    const version = await versionNow()
    let calls = 0
    const fail = async (): Promise<string> => {
      calls += 1
      throw new Error('down')
    }
    for (let tries = 0; tries < 3; tries += 1)
      expect(await words().getOrLoad(one, fail, { replacing: version })).toBe('old')
    expect(calls).toBe(1)
  })

  test('removing a version leaves any other where it is', async () => {
    await words().set(one, 'old')
    const version = await versionNow()
    await words().set(one, 'new')
    expect(await words().delete(one, { version })).toBe(false)
    expect(await words().get(one)).toBe('new')
    expect(await words().delete(one, { version: await versionNow() })).toBe(true)
    expect([await words().get(one), await words().delete(one)]).toEqual([undefined, false])
  })

  test('a load under way is kept, and what is removed is not served in its place', async () => {
    await words().set(one, 'old')
    const version = await versionNow()
    const { calls, load } = loader()
    const replaced = words().getOrLoad(one, load, { replacing: version })
    await clock.settle()
    expect(await words().delete(one, { version })).toBe(true)
    const joined = words().getOrLoad(one, load)
    await clock.settle()
    calls[0]?.('new')
    expect([await replaced, await joined, await words().get(one), calls.length]).toEqual([
      'new',
      'new',
      'new',
      1,
    ])
  })

  test('what was removed is not served in place of a load that fails', async () => {
    await words().set(one, 'old')
    const version = await versionNow()
    let fail: (error: Error) => void = () => {}
    const load = async (): Promise<string> => new Promise((_, reject) => void (fail = reject))
    const replaced = words().getOrLoad(one, load, { replacing: version })
    await clock.settle()
    await words().delete(one, { version })
    fail(new Error('down'))
    await expect(replaced).rejects.toMatchObject({ code: 'E_LOADER_FAILED' })
  })
})

test('a read that was under way does not bring a removed version back into memory', async () => {
  clock = createFakeClock()
  const tier = { ...mapTier({ clock }), durable: false }
  const log = memoryLog()
  const held: (() => void)[] = []
  let holding = false
  const slow = {
    ...tier,
    async read(keys: readonly string[]) {
      const records = await tier.read(keys)
      if (holding) {
        holding = false
        await new Promise<void>((resolve) => void held.push(resolve))
      }
      return records
    },
  }
  const catalog = defineCatalog({ prefix: 'v', spaces: [space] })
  const writer = await createCache({ catalog, clock, sweepEvery: 0, log, tiers: [tier] })
  await writer.open(space).set(one, 'old')
  const version = (await writer.open(space).find(one))?.version ?? ''
  cache = await createCache({ catalog, clock, sweepEvery: 0, log, tiers: [slow] })
  holding = true
  const reading = words().get(one)
  await clock.settle()
  expect(await words().delete(one, { version })).toBe(true)
  for (const go of held) go()
  expect(await reading).toBe('old')
  expect([words().peek(one), await words().get(one)]).toEqual([undefined, undefined])
})

describe("the format 'text'", () => {
  const text = defineSpace({ name: 'word', key: 'word:{id}', schema: z.unknown(), ttl: '1h', format: 'text' })
  beforeEach(() => void (clock = createFakeClock()))

  test('a string is stored as it is, and read back as a string whatever it looks like', async () => {
    const tier = { ...mapTier({ clock }), durable: false }
    const open = async (log = memoryLog()) =>
      createCache({
        catalog: defineCatalog({ prefix: 'v', spaces: [text] }),
        clock,
        sweepEvery: 0,
        tiers: [tier],
        log,
      })
    const log = memoryLog()
    for (const value of ['plain', '123', '{"a":1}', '"quoted"', '', 'null']) {
      const writer = await open(log)
      await writer.open(text).set(one, value)
      const [record] = await tier.read(['v:word:1'])
      expect(record?.body).toBe(value)
      const reader = await open(log)
      expect(await reader.open(text).get(one)).toBe(value)
      expect((await reader.explain(text, one)).tiers.map(({ state }) => state)).toContain('fresh')
    }
  })

  test('anything but a string is refused', async () => {
    const refusing = await createCache({
      catalog: defineCatalog({ prefix: 'v', spaces: [text] }),
      clock,
      sweepEvery: 0,
    })
    for (const value of [1, null, {}, []])
      await expect(refusing.open(text).set(one, value)).rejects.toMatchObject({ code: 'E_VALUE_SCHEMA' })
    await refusing.close()
  })
})
