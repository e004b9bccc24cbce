import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createMemory } from '../src/memory/memory.ts'
import { gone } from '../src/memory/record.ts'
import { Near } from '../src/read/near.ts'

const note = defineSpace({
  name: 'note',
  key: 'note:{id}',
  schema: z.string(),
  ttl: '1m',
  tags: ({ id }) => [`note-${String(id)}`],
})

async function open() {
  const clock = createFakeClock()
  const cache = await createCache({
    catalog: defineCatalog({ prefix: 'near', spaces: [note] }),
    clock,
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

test('a record that has left memory holds no value, and the index is bounded', () => {
  const memory = createMemory({ maxEntries: 10 }, () => {})
  const space = { name: 'note', settings: { staleWhileRevalidate: 0, staleIfError: 0, cost: 0 } } as never
  const near = new Near('id')
  const entry = { ...gone, value: { big: true }, freshUntil: Infinity }
  memory.write({ key: 'a', space, entry, marks: [] })
  const record = memory.read('a')
  if (record === undefined) throw new Error('it is there')
  near.keep(1, record)
  expect(near.find({ id: 1 })).toBe(record)
  memory.remove('a')
  expect(record.entry.value).toBeUndefined()
  expect(near.find({ id: 1 })).toBeUndefined()
  const small = createMemory({ maxEntries: 1 }, () => {})
  for (const key of ['x', 'y']) {
    small.write({ key, space, entry, marks: [] })
    const written = small.read(key)
    if (written !== undefined) near.keep(key, written)
  }
  expect([near.find({ id: 'x' }), near.find({ id: 'y' })?.key]).toEqual([undefined, 'y'])
  memory.write({ key: 'b', space, entry, marks: [] })
  const other = memory.read('b')
  if (other === undefined) throw new Error('it is there')
  near.keep('kept', other)
  for (let value = 0; value < 20_000; value += 1) near.keep(value, other)
  expect(near.find({ id: 'kept' })).toBe(other)
  for (let value = 0; value < 40_000; value += 1) near.keep(value, other)
  expect(near.find({ id: 'kept' })).toBeUndefined()
})
