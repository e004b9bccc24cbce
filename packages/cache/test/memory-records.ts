/** Records for tests of the memory tier alone, and replays of requests against it. */
import { defineCatalog } from '@reprise/cache'
import type { Entry } from '../src/entry/entry.ts'
import { createMemoryOf } from '../src/memory/layout.ts'
import type { Memory, MemoryOptions } from '../src/memory/memory.ts'
import type { Remembered } from '../src/memory/record.ts'
import { notes } from './rig.ts'

/** How memory keeps entries; tests of what is the same in both run with each. */
export type Layout = NonNullable<MemoryOptions['layout']>
export const layouts: readonly Layout[] = ['objects', 'packed']

const space = defineCatalog({ prefix: 'test', spaces: [notes()] }).find('note')

/** What is given to memory: its value is a text of 10 characters unless the entry says otherwise. */
export function remembered(key: string, entry: Partial<Entry> = {}): Remembered {
  const times = { createdAt: 0, freshUntil: Infinity, loadTime: 0 }
  const rest = { asOf: { era: 'e', n: 0 }, tags: [], meta: {}, version: key, bytes: 0 }
  return { key, space, entry: { value: 'ten letter', ...times, ...rest, ...entry }, marks: [] }
}

/** The size that memory gives an entry of `remembered`, in bytes. */
export function sizeOf(key: string, entry: Partial<Entry> = {}, layout: Layout = 'objects'): number {
  const memory = createMemoryOf({ layout }, () => {})
  memory.write(remembered(key, entry))
  return memory.bytes
}

/** A memory of so many entries of `remembered` with keys of so many characters, bounded by entries or by bytes. */
export function memoryOf(entries: number, by: 'entries' | 'bytes', more: MemoryOptions = {}): Memory {
  // Keys of up to 8 characters have the same size.
  const bounds = by === 'entries' ? { maxEntries: entries } : { maxBytes: entries * sizeOf('k1') }
  return createMemoryOf({ ...bounds, ...more }, () => {})
}

/** Asks for keys, keeping what is missed; whether each was a hit. */
export function replay(memory: Memory, keys: Iterable<number>): boolean[] {
  return Array.from(keys, (number) => {
    const key = `k${number}`
    if (memory.read(key) !== undefined) return true
    memory.write(remembered(key))
    return false
  })
}

/** The share of hits. */
export function hitRatio(hits: readonly boolean[]): number {
  return hits.filter((hit) => hit).length / hits.length
}

/** The share of hits of LRU, as a Map gives it. */
export function lruHitRatio(entries: number, keys: Iterable<number>): number {
  const held = new Set<number>()
  const hits = Array.from(keys, (key) => {
    const hit = held.delete(key)
    held.add(key)
    if (held.size > entries) held.delete(held.values().next().value as number)
    return hit
  })
  return hitRatio(hits)
}
