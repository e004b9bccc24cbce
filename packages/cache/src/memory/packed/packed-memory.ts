import { hashText } from '../hash.ts'
import { KeyIndex, mostSlots } from '../key-index.ts'
import type { Memory, MemorySettings } from '../memory.ts'
import { rankOf } from '../rank.ts'
import { createRanking } from '../ranking.ts'
import type { MemoryRecord } from '../record.ts'
import { Slots, none, pageOf } from '../slots.ts'
import { Usages } from '../usages.ts'
import { PackedEntries, eachSlot } from './packed-entries.ts'
import { Slabs } from './slabs.ts'

/** Settings of a packed memory: `maxBytes` is of slabs, slots and index together, 16 GiB at most. Records that it tells of have no value any more that could be read. */
export interface PackedSettings extends MemorySettings {
  /** 32 well-mixed bits of a key. @default hashText with the seed */
  readonly hash?: (key: string) => number
}

/** A memory tier that tells what it has really allocated. */
export interface PackedMemory extends Memory {
  /** Bytes of slabs, slots and index, those included that are free. */
  readonly allocated: number
}

const mostBytes = 2 ** 34
/** A share of the bytes that stays free, so that compacting a slab always gives something. */
const reserve = 1 / 10
/** Slots looked at for one record that a sweep is to look at. */
const slotsEach = 16

/** A record that made way in a write, to be told when the write is done. */
type Left = readonly [record: MemoryRecord, why: 'evicted' | 'replaced']

function bitsOf(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(Math.log2(Math.max(1, number)))))
}

/** The memory tier as bytes outside V8's heap: slabs for entries, typed arrays for all else. */
export function createPackedMemory(settings: PackedSettings): PackedMemory {
  const { seed = 0, worthOf, onEvict, onLeave, hash: hashOf = (key) => hashText(key, seed) } = settings
  const maxEntries = Math.min(settings.maxEntries, mostSlots)
  const maxBytes = Math.min(settings.maxBytes, mostBytes)
  const slabBits = bitsOf(maxBytes / 64, 8, 20)
  const slots = new Slots(bitsOf(Math.min(maxEntries, maxBytes / 1_024), 4, 14))
  const slabs: Slabs = new Slabs(slabBits, slots, (place) => {
    const key = entries.keyAt(place)
    return find(key, hashOf(key))
  })
  const entries: PackedEntries = new PackedEntries(slots, slabs)
  /** The hash of the key whose bytes have gone, while it gets others. */
  let liftedHash = 0
  const hashAt = (slot: number): number => {
    const place = slots.held(slot)
    return place === none ? liftedHash : hashOf(entries.keyAt(place))
  }
  const index = new KeyIndex(maxEntries, hashAt)
  /** What entries may take: the rest is for slabs that are partly dead. */
  const most = Math.max(0, maxBytes * (1 - reserve) - 3 * 2 ** slabBits)
  const sizeOf = (slot: number): number => entries.sizeOf(slot)
  const ranking = createRanking({ entries: maxEntries, bytes: most }, { slots, sizeOf, hashAt })
  const usages = new Usages()
  let evictions = 0
  let hand = 0

  const find = (key: string, hash: number): number => {
    let slot = index.seek(hash)
    while (slot !== none && !entries.isKey(slot, key)) slot = index.next(hash)
    return slot
  }
  /** Gives back the bytes of a slot that is in no queue. */
  const empty = (slot: number): void => {
    usages.count(entries.spaceOf(slot), sizeOf(slot), -1)
    slabs.free(slots.held(slot))
    slots.setHeld(slot, none)
  }
  const drop = (slot: number): void => {
    index.remove(slot)
    empty(slot)
    slots.release(slot)
  }
  const removeSlot = (slot: number): void => {
    const record = entries.read(slot, undefined, true)
    ranking.remove(slot)
    drop(slot)
    if (usages.entries === 0) {
      slots.clear()
      slabs.clear()
    }
    onLeave(record, 'removed')
  }
  const remove = (key: string): boolean => {
    const slot = find(key, hashOf(key))
    if (slot === none) return false
    removeSlot(slot)
    return true
  }

  const evict = (byBytes: boolean, left: Left[]): void => {
    const slot = ranking.evict(byBytes)
    left.push([entries.read(slot, undefined, true), 'evicted'])
    drop(slot)
    evictions += 1
  }
  /** A place for so many bytes, whatever has to go for it; `none` where nothing helps. */
  const placeFor = (length: number, left: Left[]): number => {
    for (;;) {
      const place = slabs.take(length, maxBytes - (usages.entries + 1) * eachSlot - 2 ** slabBits)
      if (place !== none || usages.entries === 0) return place
      evict(true, left)
    }
  }

  return {
    read(key) {
      const slot = find(key, hashOf(key))
      if (slot === none) return undefined
      ranking.use(slot)
      return entries.read(slot, key)
    },
    reads: undefined,
    look(key) {
      const slot = find(key, hashOf(key))
      return slot === none ? undefined : entries.read(slot, key)
    },
    write(given) {
      if (maxEntries === 0) return
      const { key } = given
      const length = entries.pack(given)
      const size = eachSlot + (length ?? Infinity)
      const hash = hashOf(key)
      let slot = find(key, hash)
      if (length === undefined || size > most) {
        if (slot !== none) removeSlot(slot)
        return
      }
      // Told when all is done: who is told may read and write.
      const left: Left[] = []
      const isNew = slot === none
      if (!isNew) {
        const old = entries.read(slot, key, true)
        if (old.entry.version !== given.entry.version) left.push([old, 'replaced'])
        ranking.lift(slot)
        liftedHash = hash
        empty(slot)
      }
      while ((isNew && usages.entries >= maxEntries) || (usages.bytes + size > most && usages.entries > 0))
        evict(usages.entries < maxEntries, left)
      const place = placeFor(length, left)
      if (place === none) {
        if (!isNew) {
          index.remove(slot)
          slots.release(slot)
        }
      } else {
        if (isNew) slot = slots.take()
        else slots.renew(slot)
        slots.setHeld(slot, place)
        entries.put(slot, key, length)
        usages.count(given.space.name, size, 1)
        const rank = rankOf(worthOf(given))
        if (isNew) {
          index.add(slot, hash)
          ranking.add(slot, rank, size)
        } else ranking.land(slot, rank, size)
        const { readAt, entry } = given
        if (readAt !== undefined) slots.setReadAfter(slot, Math.max(0, readAt - entry.createdAt))
      }
      for (const [record, why] of left) {
        if (why === 'evicted') onEvict(record)
        onLeave(record, why)
      }
    },
    remove,
    sweep(limit, isDead) {
      let removed = 0
      let looked = 0
      for (let step = 0; step < limit * slotsEach && looked < limit; step += 1) {
        if (hand >= slots.high) {
          hand = 0
          return { removed, done: true }
        }
        const slot = hand
        hand += 1
        if (slots.held(slot) === none) continue
        looked += 1
        if (!isDead(entries.read(slot, undefined, true))) continue
        removeSlot(slot)
        removed += 1
      }
      return { removed, done: false }
    },
    *records() {
      for (let slot = 0; slot < slots.high; slot += 1)
        if (slots.held(slot) !== none) yield entries.read(slot, undefined)
    },
    page: (from, limit) => pageOf(slots, { from, limit }, (slot) => entries.read(slot, undefined)),
    usage: (space) => usages.of(space),
    get entries() {
      return usages.entries
    },
    get bytes() {
      return usages.bytes
    },
    get evictions() {
      return evictions
    },
    get allocated() {
      return slabs.allocated + slots.allocated + index.allocated
    },
    get changes() {
      return slots.changes
    },
    maxBytes,
  }
}
