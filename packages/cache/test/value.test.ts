import { RepriseError, defineSpace } from '@reprise/cache'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Policies, notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }

async function open(policy: Policies = {}) {
  const { cache } = await rig(notes(policy))
  return cache.open(notes())
}

describe('values', () => {
  test.each([[0], [''], [false], [null], [[]], [{}]])(
    'the falsy or empty value %o is a value',
    async (value) => {
      const handle = await open()
      await handle.set(one, value)
      expect([await handle.get(one), handle.peek(one), await handle.has(one)]).toEqual([value, value, true])
      let loads = 0
      expect(await handle.getOrLoad(one, () => (loads += 1))).toEqual(value)
      expect(loads).toBe(0)
    },
  )

  test('undefined is refused where it is given, and where a loader returns it', async () => {
    const handle = await open({ backoff: false })
    await expect(handle.set(one, undefined)).rejects.toMatchObject({ code: 'E_VALUE_UNDEFINED' })
    const loaded = handle.getOrLoad(one, () => undefined)
    await expect(loaded).rejects.toMatchObject({ code: 'E_LOADER_UNDEFINED' })
    expect(await handle.get(one)).toBeUndefined()
  })

  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const foreign: readonly (readonly [string, unknown, RegExp])[] = [
    ['a date', { at: new Date(0) }, /value\.at is a Date/],
    ['a map', new Map(), /value is a Map/],
    ['NaN', [1, Number.NaN], /value\[1\] is null|value\[1\] is NaN/],
    ['Infinity', { n: Infinity }, /value\.n is/],
    ['a bigint', { n: 1n }, /value\.n is 1n/],
    ['a function', { f: () => 1 }, /value\.f is/],
    ['a symbol', [Symbol('s')], /value\[0\] is Symbol\(s\)/],
    ['an array with a hole', [[undefined]], /value\[0\]\[0\] is undefined/],
    ['bytes', Buffer.from('x'), /value is a Buffer/],
    ['a cycle', cycle, /value\.self contains itself/],
  ]
  test.each(foreign)('%s is refused, by its place', async (_, value, message) => {
    const handle = await open()
    const refused = handle.set(one, value)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toMatchObject({ code: 'E_VALUE_NOT_JSON' })
    expect(await handle.get(one)).toBeUndefined()
  })

  test('one object in two places is no cycle', async () => {
    const shared = { n: 1 }
    const handle = await open()
    await handle.set(one, { a: shared, b: shared })
    expect(await handle.get(one)).toEqual({ a: { n: 1 }, b: { n: 1 } })
  })

  test('the limit of size is near the size as JSON, and nothing over it is kept', async () => {
    const handle = await open({ maxValueBytes: 1_000 })
    await handle.set(one, '订'.repeat(330))
    const big = handle.set(one, '订'.repeat(340))
    await expect(big).rejects.toMatchObject({ code: 'E_VALUE_TOO_LARGE', status: 413 })
    await expect(handle.getOrLoad({ user: 'ann', id: 2 }, () => 'x'.repeat(2_000))).rejects.toThrow(
      RepriseError,
    )
    expect(await handle.get(one)).toBe('订'.repeat(330))
  })

  test('the estimate of size is never far from the truth', async () => {
    const { cache } = await rig(notes())
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ noUnicodeString: true }), async (value) => {
        await cache.open(notes()).set(one, value)
        const real = Buffer.byteLength(JSON.stringify(value))
        const [item] = (await cache.entries()).items
        // Escapes are not counted, so the estimate may be smaller than the text; the worst escape is six for one.
        expect(item?.bytes).toBeGreaterThanOrEqual(real / 6)
        expect(item?.bytes).toBeLessThanOrEqual(real * 6 + 8)
      }),
    )
  })

  test('a value that breaks its schema is refused on the way in, by its field', async () => {
    const space = defineSpace({
      name: 'note',
      key: 'note:{id}',
      schema: z.object({ text: z.string(), stars: z.number().default(3) }),
      ttl: '1m',
    })
    const { cache } = await rig(space)
    const handle = cache.open(space)
    const refused = handle.set({ id: 1 }, { text: 7 as never })
    await expect(refused).rejects.toThrow(/field "text" does not satisfy its schema/)
    await expect(refused).rejects.toMatchObject({ code: 'E_VALUE_SCHEMA' })
    await handle.set({ id: 1 }, { text: 'good' })
    expect(await handle.get({ id: 1 })).toEqual({ text: 'good', stars: 3 })
  })
})

describe('readers cannot change what is cached', () => {
  test('frozen through and through, what a loader made and what was given', async () => {
    const handle = await open()
    const given = { list: [{ n: 1 }] }
    await handle.set(one, given)
    const read = (await handle.get(one)) as typeof given
    expect(() => read.list.push({ n: 2 })).toThrow(TypeError)
    expect(() => (given.list[0] = { n: 3 })).toThrow(TypeError)
    const loaded = (await handle.getOrLoad({ user: 'ann', id: 2 }, () => ({ deep: { n: 1 } }))) as {
      deep: { n: number }
    }
    expect(() => (loaded.deep.n = 2)).toThrow(TypeError)
  })

  test('or cloned for every reader, where the space says so', async () => {
    const handle = await open({ immutability: 'clone' })
    const given = { list: [1] }
    await handle.set(one, given)
    given.list.push(2)
    const reads = [
      await handle.get(one),
      handle.peek(one),
      (await handle.find(one))?.value,
      (await handle.getMany([one]))[0],
      await handle.getOrLoad(one, () => ({ list: [9] })),
    ] as { list: number[] }[]
    for (const read of reads) {
      expect(read).toEqual({ list: [1] })
      read.list.push(3)
    }
  })

  test('callers who share a load in a cloning space get values of their own', async () => {
    const handle = await open({ immutability: 'clone' })
    const load = async (): Promise<{ list: number[] }> => ({ list: [1] })
    const [a, b] = (await Promise.all([handle.getOrLoad(one, load), handle.getOrLoad(one, load)])) as {
      list: number[]
    }[]
    a?.list.push(2)
    expect(b).toEqual({ list: [1] })
    expect(await handle.get(one)).toEqual({ list: [1] })
  })
})
