import type { BoundSpace } from '../key/catalog.ts'
import { type Entry, keepUntil } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'

/** Bounds of the memory tier. */
export interface MemoryOptions {
  /** @default 100 000 */
  readonly maxEntries?: number
  /** Estimated heap of keys and values, in bytes. @default 256 MiB */
  readonly maxBytes?: number
}

/** An entry in memory, with what reads need beside it. */
export interface MemoryRecord {
  readonly key: string
  readonly space: BoundSpace
  readonly entry: Entry
  /** Its space, tenant and tags as marks of the log. */
  readonly marks: readonly string[]
  /** The revision of the order at which its marks were last compared. */
  checkedAt: number
  hits: number
  lastReadAt: number
}

/** What a space holds in memory. */
export interface SpaceUsage {
  entries: number
  bytes: number
}

/** The tier in the process: live objects, answered without waiting. Which entry goes when it is full is its own affair. */
export interface Memory {
  /** The record of a key, marked as used. */
  read(key: string): MemoryRecord | undefined
  /** The record of a key, as if nobody had looked. */
  look(key: string): MemoryRecord | undefined
  write(record: MemoryRecord): void
  remove(key: string): boolean
  /** Looks at the next `limit` records and removes those that `isDead` tells: how many went, and whether the walk through all is done. */
  sweep(
    limit: number,
    isDead: (record: MemoryRecord) => boolean,
  ): { readonly removed: number; readonly done: boolean }
  records(): IterableIterator<MemoryRecord>
  usage(space: string): Readonly<SpaceUsage>
  readonly entries: number
  readonly bytes: number
  readonly evictions: number
  readonly maxBytes: number
}

/** Heap of a record beside its key and value: the objects, the map slot, the positions. */
const overhead = 240

function bound(value: number, name: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new RepriseError('E_OPTION_INVALID', `memory.${name} is ${quote(value)}: give a number of 0 or more`)
}

/** A memory tier that removes what was not used for longest. @throws E_OPTION_INVALID */
export function createMemory(options: MemoryOptions, onEvict: (record: MemoryRecord) => void): Memory {
  const maxEntries = bound(options.maxEntries ?? 100_000, 'maxEntries')
  const maxBytes = bound(options.maxBytes ?? 256 * 1_048_576, 'maxBytes')
  const records = new Map<string, MemoryRecord>()
  const spaces = new Map<string, SpaceUsage>()
  let bytes = 0
  let evictions = 0
  // Only while a walk goes on: an iterator keeps every table alive that the map has outgrown since.
  let hand: IterableIterator<MemoryRecord> | undefined

  const sizeOf = (record: MemoryRecord): number => overhead + record.key.length * 2 + record.entry.bytes * 2
  const usageOf = (space: string): SpaceUsage => {
    let usage = spaces.get(space)
    if (usage === undefined) spaces.set(space, (usage = { entries: 0, bytes: 0 }))
    return usage
  }
  const count = (record: MemoryRecord, sign: 1 | -1): void => {
    const size = sizeOf(record) * sign
    const usage = usageOf(record.space.name)
    bytes += size
    usage.bytes += size
    usage.entries += sign
  }
  const remove = (key: string): boolean => {
    const record = records.get(key)
    if (record === undefined) return false
    records.delete(key)
    count(record, -1)
    return true
  }

  return {
    read(key) {
      const record = records.get(key)
      if (record === undefined) return undefined
      records.delete(key)
      records.set(key, record)
      return record
    },
    look: (key) => records.get(key),
    write(record) {
      remove(record.key)
      // A record that could not stay even alone would only push out all others.
      if (maxEntries === 0 || sizeOf(record) > maxBytes) return
      records.set(record.key, record)
      count(record, 1)
      while (records.size > maxEntries || bytes > maxBytes) {
        const oldest = records.values().next().value as MemoryRecord
        remove(oldest.key)
        evictions += 1
        onEvict(oldest)
      }
    },
    remove,
    sweep(limit, isDead) {
      hand ??= records.values()
      let removed = 0
      for (let looked = 0; looked < limit; looked += 1) {
        const next = hand.next()
        if (next.done === true) {
          hand = undefined
          return { removed, done: true }
        }
        if (isDead(next.value) && remove(next.value.key)) removed += 1
      }
      return { removed, done: false }
    },
    records: () => records.values(),
    usage: usageOf,
    get entries() {
      return records.size
    },
    get bytes() {
      return bytes
    },
    get evictions() {
      return evictions
    },
    maxBytes,
  }
}

/** Whether nothing of a record can be served any more. */
export function isOver(record: MemoryRecord, now: number): boolean {
  return now >= keepUntil(record.entry.freshUntil, record.space.settings)
}
