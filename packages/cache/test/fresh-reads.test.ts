import { createCache, defineCatalog, defineSpace, onEvent } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createMemoryOf } from '../src/memory/layout.ts'
import { isMadeOf } from '../src/memory/objects/made-of.ts'
import { remembered } from './memory-records.ts'

const note = defineSpace({
  name: 'note',
  key: 'note:{id}',
  schema: z.string(),
  ttl: '1m',
  tags: ({ id }) => [`note-${String(id)}`],
})

/** Keys with something after their parameter, and a sibling whose literal stands in its place. */
const page = defineSpace({ name: 'page', key: 'doc:{id}:page', schema: z.string(), ttl: '1m' })
const index = defineSpace({ name: 'index', key: 'doc:all:{id}', schema: z.string(), ttl: '1m' })
const root = defineSpace({ name: 'root', key: 'doc:{id}', schema: z.string(), ttl: '1m' })

async function open() {
  const clock = createFakeClock()
  const cache = await createCache({
    catalog: defineCatalog({ prefix: 'near', spaces: [note, page, index, root] }),
    clock,
    // What is over stays in memory until it is read.
    sweepEvery: 0,
  })
  return { clock, cache, notes: cache.open(note) }
}

test('what was read before is not found any more once it is replaced, removed, invalidated or over', async () => {
  const { clock, cache, notes } = await open()
  const id = { id: 1 }
  const known = async (text: string): Promise<void> => {
    await notes.set(id, text)
    expect([notes.peek(id), notes.peek(id)]).toEqual([text, text])
  }
  await known('first')
  await notes.set(id, 'second')
  expect(notes.peek(id)).toBe('second')
  await notes.delete(id)
  expect(notes.peek(id)).toBeUndefined()
  await known('third')
  await cache.invalidate({ tags: ['note-1'] })
  expect(notes.peek(id)).toBeUndefined()
  expect(await notes.getOrLoad(id, () => 'loaded')).toBe('loaded')
  expect(notes.peek(id)).toBe('loaded')
  await known('fourth')
  await clock.advance(60_000)
  expect(notes.peek(id)).toBeUndefined()
  expect(await notes.getOrLoad(id, () => 'anew')).toBe('anew')
  await cache.close()
})

test('parameters that build no key are refused, whatever was read before', async () => {
  const { cache, notes } = await open()
  await notes.set({ id: 1 }, 'one')
  expect([notes.peek({ id: 1 }), notes.peek({ id: '1' }), notes.peek({ id: 1n })]).toEqual([
    'one',
    'one',
    'one',
  ])
  expect(() => notes.peek({ id: 1, other: 2 } as never)).toThrow('unknown parameter "other"')
  expect(() => notes.peek({} as never)).toThrow('"id" is missing')
  await expect(notes.getOrLoad({ id: 1, other: 2 } as never, () => 'x')).rejects.toThrow('unknown parameter')
  await cache.close()
  expect(() => notes.peek({ id: 1 })).toThrow('closed')
})

test('whatever the parameter, what is found by it is what is found by its key', async () => {
  const { cache } = await open()
  const id = fc.oneof(
    fc.constantFrom(
      'all',
      'page',
      ':',
      '%3A',
      '%uD83D',
      'a:b',
      '{a}',
      '%41',
      '状态',
      'ä',
      '\u0085',
      '🙂',
      '\ud83d',
      'x'.repeat(200),
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.bigInt(),
    fc.boolean(),
  )
  const kept = new Map<string, string>()
  await fc.assert(
    fc.asyncProperty(fc.array(id, { minLength: 1, maxLength: 6 }), async (ids) => {
      for (const [place, one] of ids.entries()) {
        for (const space of [note, page, index, root] as const) {
          const handle = cache.open(space)
          const key = handle.key({ id: one })
          expect(handle.peek({ id: one })).toBe(kept.get(key))
          const value = `${space.name} ${place} ${String(one)}`
          await handle.set({ id: one }, value)
          kept.set(key, value)
          expect(handle.peek({ id: one })).toBe(value)
          expect((await handle.find({ id: one }))?.value).toBe(value)
        }
      }
    }),
    { numRuns: 100 },
  )
  expect(cache.stats().total.memoryEntries).toBe(kept.size)
  await cache.close()
})

/** Keys of two parameters: one after the other, apart, and with a sibling whose literals stand in their places. */
const pairs = [
  defineSpace({ name: 'near', key: 'p:{a}:{b}', schema: z.string(), ttl: '1m' }),
  defineSpace({ name: 'apart', key: 'p:{a}:x:{b}', schema: z.string(), ttl: '1m' }),
  defineSpace({ name: 'ended', key: '{b}:{a}:end', schema: z.string(), ttl: '1m' }),
  defineSpace({ name: 'fixed', key: 'p:all:{a}', schema: z.string(), ttl: '1m' }),
] as const

test('whatever two parameters, in whatever order, what is found by them is what is found by their key', async () => {
  const catalog = defineCatalog({ prefix: 'near', spaces: pairs })
  const cache = await createCache({ catalog, clock: createFakeClock() })
  const text = fc.oneof(
    fc.constantFrom(
      'a',
      'ab',
      'b',
      'x',
      'end',
      'all',
      'p',
      'a:x',
      ':',
      '%3A',
      'a%3Ab',
      '状',
      'ä',
      '\ud83d',
      '0',
      0,
      -0,
      1,
    ),
    fc.boolean(),
  )
  const kept = new Map<string, string>()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 }), async (given) => {
      for (const [place, [a, b]] of given.entries()) {
        for (const space of pairs) {
          const handle = cache.open(space)
          const params = (space.name === 'fixed' ? { a } : { a, b }) as { a: string; b: string }
          const turned = (space.name === 'fixed' ? { a } : { b, a }) as { a: string; b: string }
          const key = handle.key(params)
          expect([handle.peek(params), handle.peek(turned)]).toEqual([kept.get(key), kept.get(key)])
          const value = `${space.name} ${place} ${String(a)} ${String(b)}`
          await handle.set(params, value)
          kept.set(key, value)
          expect([handle.peek(params), handle.peek(turned)]).toEqual([value, value])
          expect((await handle.find(params))?.value).toBe(value)
        }
      }
    }),
    { numRuns: 150 },
  )
  expect(cache.stats().total.memoryEntries).toBe(kept.size)
  const one = cache.open(pairs[0])
  expect(() => one.peek({ a: 'a' } as never)).toThrow('"b" is missing')
  expect(() => one.peek({ a: 'a', b: 'b', c: 'c' } as never)).toThrow('unknown parameter "c"')
  await cache.close()
})

test('a name is made of parameters where joining them gives it, and nowhere else', () => {
  const text = fc.oneof(
    fc.constantFrom('', 'a', 'aa', 'a:', ':', ':x:', 1, 11),
    fc.integer({ min: 0, max: 20 }),
  )
  const between = fc.constantFrom(':', ':x:')
  const all = fc.record({ params: fc.tuple(text, text, text), between: fc.tuple(between, between) })
  const nameOf = ({
    params,
    between: literals,
  }: {
    params: (string | number)[]
    between: string[]
  }): string => `${params[0]}${literals[0]}${params[1]}${literals[1]}${params[2]}`
  fc.assert(
    fc.property(all, all, fc.constantFrom('', 'a', ':', '1'), (one, other, more) => {
      const name = nameOf(one) + more
      expect(isMadeOf(name, other.params, other.between)).toBe(name === nameOf(other))
    }),
    {
      numRuns: 2_000,
      examples: [
        [
          { params: ['a', 'b', 'c'], between: [':', ':'] },
          { params: ['a', 'b', 'c'], between: [':', ':'] },
          'a',
        ],
      ],
    },
  )
})

test('hits by the parameter alone are counted as others are: hits, cost, hot keys', async () => {
  const { clock, cache, notes } = await open()
  await notes.set({ id: 'a' }, 'plain')
  await notes.set({ id: 'b' }, 'dear', { meta: { cost: 3 }, tags: ['x'] })
  expect([notes.peek({ id: 'a' }), notes.peek({ id: 'b' })]).toEqual(['plain', 'dear'])
  await clock.advance(1_234)
  expect([notes.peek({ id: 'a' }), notes.peek({ id: 'b' }), notes.peek({ id: 'b' })]).toEqual([
    'plain',
    'dear',
    'dear',
  ])
  const { total } = cache.stats()
  expect([total.hits, total.avoidedCost]).toEqual([{ memory: 5 }, 9])
  expect(cache.hotKeys(2).map(({ key, reads }) => [key, reads])).toEqual([
    ['near:note:b', 3],
    ['near:note:a', 2],
  ])
  await cache.close()
})

test('nothing is found by a parameter that has left memory, whoever came into its slot', async () => {
  const catalog = defineCatalog({ prefix: 'near', spaces: [note, root] })
  const cache = await createCache({ catalog, clock: createFakeClock(), memory: { maxEntries: 2 } })
  const gone: string[] = []
  const stop = onEvent('entry-evicted', ({ key }) => gone.push(key))
  const [notes, roots] = [cache.open(note), cache.open(root)]
  for (let id = 0; id < 50; id += 1) {
    await (id % 2 === 0 ? notes : roots).set({ id }, String(id))
    for (let other = 0; other <= id; other += 1) {
      const [own, foreign] = other % 2 === 0 ? [notes, roots] : [roots, notes]
      expect(own.peek({ id: other })).toBe(gone.includes(own.key({ id: other })) ? undefined : String(other))
      expect(foreign.peek({ id: other })).toBeUndefined()
    }
  }
  stop()
  expect(gone).toHaveLength(48)
  await cache.close()
})

test('one parameter in two spaces is two entries, also where their hashes meet', () => {
  const catalog = defineCatalog({ prefix: 'near', spaces: [note, page] })
  const [notes, pages] = [catalog.find('note'), catalog.find('page')]
  for (let seed = 0; seed < 4_000; seed += 1) {
    const memory = createMemoryOf({ seed, maxEntries: 4 }, () => {})
    memory.write({ ...remembered(pages.keys.build({ id: 'x' }), { value: seed }), space: pages })
    const record = memory.look('near:doc:x:page')
    if (record === undefined) throw new Error('it was written')
    record.checkedAt = 1
    expect([memory.reads?.(pages).hit('x', 0, 1), memory.reads?.(notes).hit('x', 0, 1)]).toEqual([
      seed,
      undefined,
    ])
  }
})
