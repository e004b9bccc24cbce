import { RepriseError, quote } from '../errors.ts'
import { hashText } from './hash.ts'
import { rankOf } from './rank.ts'
import { createRanking } from './ranking.ts'
import { type MemoryRecord, type Remembered, createRecord, leave } from './record.ts'
import { sizeOfText, sizeOfValue } from './size.ts'
import { type WeighedCost, createWorth } from './worth.ts'

export { isOver, type MemoryRecord } from './record.ts'

/** Bounds of the memory tier, and what it weighs when it is full. */
export interface MemoryOptions {
  /** @default 100 000 */
  readonly maxEntries?: number
  /** Estimated heap of keys and values, in bytes. @default 256 MiB */
  readonly maxBytes?: number
  /**
   * Keeps costly entries longer: one that cost 2, 4 or 8 times the mean stays 1, 2 or 3 turns more. `loadTime` weighs
   * the milliseconds of the load; `cost` weighs `meta.cost`, else the `cost` of the space. @default nothing is weighed
   */
  readonly weighCost?: WeighedCost
  /**
   * `objects`: values as they are, read fastest. `packed`: values as bytes outside V8's heap, for millions of entries:
   * about six tenths of the memory, no work for the collector, every read a copy of its own. @default 'objects'
   */
  readonly layout?: 'objects' | 'packed'
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
  /**
   * Marks a record as used that was found without its key, where records stay the same object as long as they are in
   * memory; undefined where they do not.
   */
  readonly use: ((record: MemoryRecord) => void) | undefined
  /** The record of a key, as if nobody had looked. */
  look(key: string): MemoryRecord | undefined
  /** Keeps an entry, in place of what its key had. */
  write(given: Remembered): void
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

/** Heap of a record beside its key and value: record, entry, times, version, the slot in the map. */
const overhead = 392

/** A bound of memory. @throws E_OPTION_INVALID */
export function bound(value: number, name: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new RepriseError('E_OPTION_INVALID', `memory.${name} is ${quote(value)}: give a number of 0 or more`)
}

/** What memory weighs. @throws E_OPTION_INVALID */
export function weighedCost(value: WeighedCost | undefined): WeighedCost | undefined {
  if (value === undefined || value === 'loadTime' || value === 'cost') return value
  throw new RepriseError('E_OPTION_INVALID', `memory.weighCost is ${quote(value)}: give 'loadTime' or 'cost'`)
}

/** A memory tier that keeps what is likeliest to be read again; `policy.ts` tells how. @throws E_OPTION_INVALID */
export function createMemory(
  options: MemoryOptions,
  onEvict: (record: MemoryRecord) => void,
  onLeave: (record: MemoryRecord, why: 'evicted' | 'replaced' | 'removed') => void = () => {},
): Memory {
  const maxEntries = Math.floor(bound(options.maxEntries ?? 100_000, 'maxEntries'))
  const maxBytes = bound(options.maxBytes ?? 256 * 1_048_576, 'maxBytes')
  const worthOf = createWorth(weighedCost(options.weighCost))
  const records = new Map<string, MemoryRecord>()
  const spaces = new Map<string, SpaceUsage>()
  const ranking = createRanking<MemoryRecord>({ entries: maxEntries, bytes: maxBytes }, ({ key }) =>
    hashText(key),
  )
  let bytes = 0
  let evictions = 0
  // Only while a walk goes on: an iterator keeps every table alive that the map has outgrown since.
  let hand: IterableIterator<MemoryRecord> | undefined

  const usageOf = (space: string): SpaceUsage => {
    let usage = spaces.get(space)
    if (usage === undefined) spaces.set(space, (usage = { entries: 0, bytes: 0 }))
    return usage
  }
  const count = (record: MemoryRecord, sign: 1 | -1): void => {
    const size = record.size * sign
    const usage = usageOf(record.space.name)
    bytes += size
    usage.bytes += size
    usage.entries += sign
  }
  const remove = (key: string): boolean => {
    const record = records.get(key)
    if (record === undefined) return false
    records.delete(key)
    ranking.remove(record)
    count(record, -1)
    onLeave(record, 'removed')
    leave(record)
    return true
  }
  const evict = (byBytes: boolean): void => {
    const record = ranking.evict(byBytes)
    records.delete(record.key)
    count(record, -1)
    evictions += 1
    onEvict(record)
    onLeave(record, 'evicted')
    leave(record)
  }

  return {
    read(key) {
      const record = records.get(key)
      if (record !== undefined) ranking.use(record)
      return record
    },
    use: (record) => ranking.use(record),
    look: (key) => records.get(key),
    write(given) {
      const { key } = given
      // Memory that is switched off costs nothing.
      if (maxEntries === 0) return
      const size = overhead + sizeOfText(key) + sizeOfValue(given.entry.value)
      const old = records.get(key)
      // A record that could not stay even alone would only push out all others.
      if (size > maxBytes) {
        if (old !== undefined) remove(key)
        return
      }
      const record = createRecord(given, size, rankOf(worthOf(given)))
      if (old === undefined) {
        while (records.size >= maxEntries || bytes + size > maxBytes) evict(records.size < maxEntries)
        ranking.add(record)
      } else {
        ranking.replace(old, record)
        count(old, -1)
        // A value that is read from below once more has not left.
        if (old.entry.version !== given.entry.version) onLeave(old, 'replaced')
        leave(old)
      }
      records.set(record.key, record)
      count(record, 1)
      while (bytes > maxBytes) evict(true)
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
