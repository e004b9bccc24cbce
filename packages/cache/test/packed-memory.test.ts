import { createCache, defineCatalog } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { createMemoryOf } from '../src/memory/layout.ts'
import { remembered } from './memory-records.ts'
import { packed } from './packed-rig.ts'
import { notes } from './rig.ts'

describe('packed memory', () => {
  test('keeps keys apart that differ anywhere, in any script', () => {
    const memory = packed()
    const keys = [
      '',
      'a',
      'b',
      'ab',
      'ä',
      '键',
      '键🙂',
      '键🙃',
      '\ud83d',
      '\ud83e',
      'k'.repeat(500),
      `${'k'.repeat(499)}l`,
    ]
    for (const [index, key] of keys.entries()) memory.write(remembered(key, { value: index }))
    expect(keys.map((key) => memory.read(key)?.entry.value)).toEqual(keys.map((_, index) => index))
    expect(keys.map((key) => memory.remove(key)).every(Boolean)).toBe(true)
    expect([memory.entries, memory.bytes]).toEqual([0, 0])
  })

  test.each([
    { name: 'one hash for all', hash: () => 7 },
    { name: 'hashes that wrap round', hash: (key: string) => 0xffff_ffff - (key.length % 3) },
    {
      name: 'hashes that differ in the first bits alone',
      hash: (key: string) => ((key.length % 4) << 30) >>> 0,
    },
  ])('finds and removes keys with $name', ({ hash }) => {
    const memory = packed({ hash, maxEntries: 100_000 })
    const keys = Array.from({ length: 300 }, (_, index) => `${index}${'.'.repeat(index % 7)}`)
    for (const key of keys) memory.write(remembered(key, { value: key }))
    for (const [index, key] of keys.entries()) if (index % 3 === 0) expect(memory.remove(key)).toBe(true)
    for (const [index, key] of keys.entries())
      expect(memory.read(key)?.entry.value).toBe(index % 3 === 0 ? undefined : key)
    for (const key of keys) memory.remove(key)
    expect(memory.entries).toBe(0)
  })

  test('what is removed is used again: a second filling allocates no more', () => {
    const memory = packed({ maxEntries: 20_000, maxBytes: 8 * 1_048_576 })
    const fill = (from: number): void => {
      for (let index = 0; index < 10_000; index += 1)
        memory.write(remembered(`k${from + index}`, { value: 'x'.repeat((index * 37) % 400) }))
    }
    fill(0)
    const { allocated, bytes } = memory
    expect(allocated).toBeLessThan(bytes * 1.2)
    for (let index = 0; index < 10_000; index += 1) memory.remove(`k${index}`)
    expect([memory.entries, memory.bytes, memory.allocated]).toEqual([0, 0, 0])
    fill(10_000)
    expect(memory.allocated).toBeLessThanOrEqual(allocated)
    for (const { key } of memory.records()) memory.remove(key)
    expect([memory.entries, memory.bytes]).toEqual([0, 0])
  })

  test('entries that come and go at random leave few holes, and all that stay can be read', () => {
    const most = 6 * 1_048_576
    const memory = packed({ maxEntries: 4_000, maxBytes: most })
    let seed = 1
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    const model = new Map<string, string>()
    for (let step = 0; step < 25_000; step += 1) {
      const key = `k${random(3_500)}`
      if (random(4) === 0) expect(memory.remove(key)).toBe(model.delete(key))
      else {
        const value = `${step}`.padEnd(random(20) === 0 ? 60_000 : random(900), '.')
        memory.write(remembered(key, { value }))
        model.set(key, value)
      }
      if (memory.entries < model.size)
        for (const one of model.keys()) if (memory.look(one) === undefined) model.delete(one)
      expect(memory.allocated).toBeLessThanOrEqual(most)
    }
    expect(memory.evictions).toBeGreaterThan(0)
    for (const [key, value] of model) expect(memory.look(key)?.entry.value).toBe(value)
    // The rest is for slabs that are partly dead.
    expect(memory.bytes).toBeGreaterThan(0.75 * most)
  })

  test('a value that is larger than a slab has one of its own, which goes with it', () => {
    const memory = packed()
    const huge = '长'.repeat(2_000_000)
    memory.write(remembered('small'))
    const before = memory.allocated
    memory.write(remembered('huge', { value: huge }))
    expect(memory.read('huge')?.entry.value).toBe(huge)
    expect(memory.allocated).toBeGreaterThan(4_000_000)
    memory.write(remembered('huge', { value: 'no more' }))
    expect(memory.read('huge')?.entry.value).toBe('no more')
    expect(memory.allocated).toBe(before)
    memory.write(remembered('small', { value: 'x'.repeat(70 * 1_048_576) }))
    expect([memory.look('small'), memory.entries]).toEqual([undefined, 1])
  })

  test('what a reader counts is the key’s, but never that of what came in its place', () => {
    const memory = packed()
    memory.write(remembered('a', { createdAt: 1_000 }))
    const record = memory.read('a')
    if (record === undefined) throw new Error('a was written')
    record.hits += 3
    record.lastReadAt = 61_234
    record.checkedAt = 9
    const again = memory.look('a')
    expect([again?.hits, again?.lastReadAt, again?.checkedAt]).toEqual([3, 61_234, 9])
    memory.write(remembered('a', { createdAt: 1_000 }))
    record.hits += 1
    record.checkedAt = 10
    const later = memory.look('a')
    expect([later?.hits, later?.lastReadAt, later?.checkedAt]).toEqual([0, 0, -1])
  })

  test('a layout that is none is refused', async () => {
    const catalog = defineCatalog({ prefix: 'test', spaces: [notes()] })
    const memory = { layout: 'tight' as 'packed' }
    await expect(createCache({ catalog, memory })).rejects.toThrow('memory.layout is "tight"')
    expect(() => createMemoryOf({ layout: 'packed', maxBytes: -1 }, () => {})).toThrow(
      'memory.maxBytes is -1',
    )
  })

  test('a cache keeps, serves and invalidates what is packed', async () => {
    const catalog = defineCatalog({ prefix: 'test', spaces: [notes()] })
    const cache = await createCache({ catalog, memory: { layout: 'packed' } })
    const handle = cache.open(notes())
    await handle.set({ user: '安', id: 1 }, '值', { tags: ['urgent'] })
    await handle.set({ user: 'bob', id: 2 }, 'kept')
    expect(handle.peek({ user: '安', id: 1 })).toBe('值')
    expect((await handle.find({ user: '安', id: 1 }))?.tags).toContain('urgent')
    await cache.invalidate({ tags: ['urgent'] })
    expect(handle.peek({ user: '安', id: 1 })).toBeUndefined()
    await cache.invalidate({ tenant: 'bob' }).catch(() => {})
    expect((await cache.entries()).items.map(({ hits }) => hits)).toEqual([0])
    await cache.close()
  })
})
