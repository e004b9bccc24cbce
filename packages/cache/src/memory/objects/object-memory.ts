import { hashText } from '../hash.ts'
import { KeyIndex, mostSlots } from '../key-index.ts'
import type { Memory, MemorySettings } from '../memory.ts'
import { rankOf } from '../rank.ts'
import { createRanking } from '../ranking.ts'
import type { Leaver } from '../record.ts'
import { none, pageOf } from '../slots.ts'
import { Usages } from '../usages.ts'
import { ObjectReads } from './fresh-reads.ts'
import { ObjectEntries } from './object-entries.ts'

/** Pages of slots, about, when all are taken. */
const pages = 8
/** Logarithms of the slots of a page. */
const leastBits = 4
const mostBits = 14
/** Slots looked at for one record that a sweep is to look at. */
const slotsEach = 16

/** An entry that made way in a write, to be told when the write is done. */
type Left = readonly [leaver: Leaver, why: 'evicted' | 'replaced']

function bitsFor(entries: number): number {
  return Math.min(mostBits, Math.max(leastBits, Math.floor(Math.log2(Math.max(1, entries / pages)))))
}

/** The memory tier with values as they are, and typed arrays for all that is known of them. */
export function createObjectMemory(settings: MemorySettings): Memory {
  const { maxBytes, seed = 0, worthOf, onEvict, onLeave } = settings
  const maxEntries = Math.min(settings.maxEntries, mostSlots)
  const expected = Math.min(maxEntries, maxBytes / 128)
  const entries = new ObjectEntries(bitsFor(expected), seed)
  const { slots, columns, spaces } = entries
  const hashAt = (slot: number): number => columns.hash(slot)
  const sizeOf = (slot: number): number => columns.size(slot)
  const index = new KeyIndex(expected, hashAt)
  const ranking = createRanking({ entries: maxEntries, bytes: maxBytes }, { slots, sizeOf, hashAt })
  const usages = new Usages()
  let evictions = 0
  let hand = 0

  const find = (key: string, hash: number): number => {
    let slot = index.seek(hash)
    while (slot !== none && !entries.isKey(slot, key)) slot = index.next(hash)
    return slot
  }
  /** Gives a slot back that is in no queue. */
  const drop = (slot: number): void => {
    usages.count(entries.spaceOf(slot), columns.size(slot), -1)
    index.remove(slot)
    entries.release(slot)
  }
  const removeSlot = (slot: number): void => {
    const leaver = entries.leaver(slot)
    ranking.remove(slot)
    drop(slot)
    if (usages.entries === 0) entries.clear()
    onLeave(leaver, 'removed')
  }
  const evict = (byBytes: boolean, left: Left[]): void => {
    const slot = ranking.evict(byBytes)
    left.push([entries.leaver(slot), 'evicted'])
    drop(slot)
    evictions += 1
  }

  return {
    read(key) {
      const slot = find(key, hashText(key, seed))
      if (slot === none) return undefined
      ranking.use(slot)
      return entries.read(slot, key)
    },
    reads: (space) => new ObjectReads(entries, { index, ranking }, spaces.of(space)),
    look(key) {
      const slot = find(key, hashText(key, seed))
      return slot === none ? undefined : entries.read(slot, key)
    },
    write(given) {
      // Memory that is switched off costs nothing.
      if (maxEntries === 0) return
      const { key, space, entry, readAt } = given
      const hash = hashText(key, seed)
      const prepared = entries.prepare(given)
      const { size } = prepared
      let slot = find(key, hash)
      // An entry that could not stay even alone would only push out all others.
      if (size > maxBytes) {
        if (slot !== none) removeSlot(slot)
        return
      }
      // Told when all is done: who is told may read and write.
      const left: Left[] = []
      const isNew = slot === none
      if (!isNew) {
        const old = entries.read(slot, key)
        // A value that is read from below once more has not left.
        if (old.entry.version !== entry.version) left.push([old, 'replaced'])
        ranking.lift(slot)
        usages.count(old.space.name, old.size, -1)
      }
      while ((isNew && usages.entries >= maxEntries) || usages.bytes + size > maxBytes)
        evict(usages.entries < maxEntries, left)
      if (isNew) slot = entries.take(hash)
      else slots.renew(slot)
      entries.put(slot, prepared, { entry, keepsName: !isNew })
      usages.count(space.name, size, 1)
      const rank = rankOf(worthOf(given))
      if (isNew) {
        index.add(slot, hash)
        ranking.add(slot, rank, size)
      } else ranking.land(slot, rank, size)
      if (readAt !== undefined) slots.setReadAfter(slot, Math.max(0, readAt - entry.createdAt))
      for (const [leaver, why] of left) {
        if (why === 'evicted') onEvict(leaver)
        onLeave(leaver, why)
      }
    },
    remove(key) {
      const slot = find(key, hashText(key, seed))
      if (slot === none) return false
      removeSlot(slot)
      return true
    },
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
        if (!isDead(entries.read(slot))) continue
        removeSlot(slot)
        removed += 1
      }
      return { removed, done: false }
    },
    *records() {
      for (let slot = 0; slot < slots.high; slot += 1) if (slots.held(slot) !== none) yield entries.read(slot)
    },
    page: (from, limit) => pageOf(slots, { from, limit }, (slot) => entries.read(slot)),
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
    get changes() {
      return slots.changes
    },
    maxBytes,
  }
}
