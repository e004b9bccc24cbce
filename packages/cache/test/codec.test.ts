import { type TierRecord, onEvent } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Policies, lastingLog, notes, rig, storedValue } from './rig.ts'

const one = { user: 'ann', id: 1 }
const key = 'test:note:ann:1'

/** A cache that keeps nothing in memory, and the records of its tier. */
async function open(policy: Policies) {
  const clock = createFakeClock()
  const records = new Map<string, TierRecord>()
  const { cache } = await rig(notes(policy), {
    clock,
    tiers: [mapTier({ clock, records })],
    memory: { maxEntries: 0 },
  })
  return { cache, clock, records, handle: cache.open(notes()), stored: () => records.get(key) as TierRecord }
}

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

describe.each(['entry', 'document'] as const)('format %s', (format) => {
  test('any JSON value comes back as it was, with its facts', async () => {
    const { handle } = await open({ format, tags: () => ['by-space'] })
    const meta = { model: 'gpt-4', strategy: 'premium', rank: 2, cost: 0.5 }
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        fc.pre(typeof value !== 'object' || value === null || !Object.hasOwn(value, '_cache'))
        await handle.set(one, value, { tags: ['标签', 'by-space'], meta })
        const found = await handle.find(one)
        expect(found?.value).toStrictEqual(JSON.parse(JSON.stringify(value)))
        expect(found).toMatchObject({ tags: ['by-space', '标签'], meta })
      }),
      { numRuns: 200 },
    )
  })

  test('an entry for ever stays for ever', async () => {
    const { handle, clock } = await open({ format, ttl: Infinity })
    await handle.set(one, 'value')
    await clock.advance(1e13)
    expect(await handle.ttl(one)).toBe(Infinity)
  })

  test("cut off or damaged anywhere it is a miss or this key's, never an error and never another entry", async () => {
    const { handle, records, stored } = await open({ format })
    await handle.set({ user: 'bob', id: 1 }, 'of bob')
    await handle.set(one, { text: 'of ann', list: [1, 2, 3] }, { tags: ['a'], meta: { model: 'm' } })
    const whole = stored()
    const bytes = Buffer.from(whole.body)
    const put = (body: Buffer): void => {
      records.set(key, {
        ...whole,
        body: typeof whole.body === 'string' ? body.toString() : Uint8Array.from(body),
      })
    }
    for (let length = 0; length < bytes.length; length += 1) {
      put(bytes.subarray(0, length))
      const found = await handle.get(one)
      expect(found).not.toBe('of bob')
      if (format === 'entry') expect(found).toBeUndefined()
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const damaged = Buffer.from(bytes)
        damaged[place] = (damaged[place] as number) ^ flip
        put(damaged)
        expect(await handle.get(one)).not.toBe('of bob')
        expect(await handle.getOrLoad(one, () => 'loaded')).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('format entry', () => {
  test('a frame of another key is a miss, with an event, and is replaced', async () => {
    const { handle, records, stored } = await open({})
    const reasons: string[] = []
    stops.push(onEvent('entry-unreadable', ({ reason }) => reasons.push(reason)))
    await handle.set({ user: 'bob', id: 1 }, 'of bob')
    records.set(key, { ...(records.get('test:note:bob:1') as TierRecord), key })
    expect(await handle.get(one)).toBeUndefined()
    expect(await handle.getOrLoad(one, () => 'of ann')).toBe('of ann')
    expect(reasons).toEqual(['the frame belongs to another key', 'the frame belongs to another key'])
    expect(await handle.get(one)).toBe('of ann')
    const unknown = Buffer.from(stored().body)
    unknown[2] = 9
    records.set(key, { ...stored(), body: unknown })
    expect(await handle.get(one)).toBeUndefined()
    expect(reasons[2]).toBe('frame version 9 is not known here')
  })
})

describe('format document', () => {
  test('is the plain JSON, with provenance in _cache of an object, and ends with its fresh life', async () => {
    const { handle, clock, stored } = await open({ format: 'document', staleIfError: '1h' })
    await handle.set(one, { name: '上海' })
    expect(stored().body).toBe('{"name":"上海"}')
    expect(stored().expiresAt).toBe(clock.now() + 600_000)
    await handle.set(one, { name: '上海' }, { meta: { model: 'gpt-4' } })
    expect(stored().body).toBe('{"name":"上海","_cache":{"model":"gpt-4"}}')
    expect(await handle.find(one)).toMatchObject({ value: { name: '上海' }, meta: { model: 'gpt-4' } })
    await handle.set(one, [1, 2], { meta: { model: 'gpt-4' } })
    expect(stored().body).toBe('[1,2]')
    expect(await handle.find(one)).toMatchObject({ value: [1, 2], meta: { model: 'gpt-4' } })
  })

  test('what another program wrote is read, with the life and the provenance it gives', async () => {
    const { handle, clock, records } = await open({
      format: 'document',
      tags: ({ user }) => [`user:${user}`],
    })
    const record = { key, createdAt: clock.now(), expiresAt: clock.now() + 5_000 }
    records.set(key, { ...record, body: ' {"name" : "Bob", "_cache": {"model": "m"}} ' })
    expect(await handle.find(one)).toEqual({
      value: { name: 'Bob' },
      createdAt: clock.now(),
      freshUntil: clock.now() + 5_000,
      meta: { model: 'm' },
      tags: ['user:ann'],
      version: 'foreign',
    })
    records.set(key, { ...record, body: 'not JSON' })
    expect(await handle.get(one)).toBeUndefined()
    records.set(key, { ...record, body: '{"_cache": "odd"}' })
    expect(await handle.find(one)).toMatchObject({ value: {}, meta: {} })
  })

  test('what another program changed has its own life and not ours', async () => {
    const { handle, clock, records, stored } = await open({ format: 'document' })
    await handle.set(one, { n: 1 }, { tags: ['ours'] })
    records.set(key, { ...stored(), body: '{"n":2}', expiresAt: clock.now() + 1_000 })
    expect(await handle.find(one)).toMatchObject({
      value: { n: 2 },
      tags: [],
      freshUntil: clock.now() + 1_000,
    })
  })

  test('a value with a field _cache of its own is refused', async () => {
    const { handle } = await open({ format: 'document' })
    await expect(handle.set(one, { _cache: 1 })).rejects.toMatchObject({ code: 'E_VALUE_RESERVED' })
    await handle.set(one, { deeper: { _cache: 1 } })
    expect(await handle.get(one)).toEqual({ deeper: { _cache: 1 } })
  })
})

test('a stored value that breaks the schema of today is a miss with an event, and counted', async () => {
  const clock = createFakeClock()
  const records = new Map<string, TierRecord>()
  const options = { clock, tiers: [mapTier({ clock, records })], log: lastingLog() }
  const { cache } = await rig(notes(), options)
  await cache.open(notes()).set(one, 'a text')
  const { cache: later } = await rig(notes({ schema: z.number() }), options)
  expect(await later.open(notes()).get(one)).toBeUndefined()
  expect(later.stats().total.errors).toBe(1)
  expect(await later.open(notes()).getOrLoad(one, () => 7)).toBe(7)
  expect(storedValue(records.get(key))).toBe(7)
})
