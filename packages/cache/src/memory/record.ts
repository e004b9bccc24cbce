import type { BoundSpace } from '../key/catalog.ts'
import { type Entry, keepUntil } from '../entry/entry.ts'
import type { Ranked } from './queue.ts'

/** What is given to memory to keep. */
export interface Remembered {
  readonly key: string
  readonly space: BoundSpace
  readonly entry: Entry
  /** Its space, tenant and tags as marks of the log. */
  readonly marks: readonly string[]
}

/** An entry in memory, with what reads need beside it, and its place among the others. */
export interface MemoryRecord extends Remembered, Ranked<MemoryRecord> {
  /** The revision of the order at which its marks were last compared. */
  checkedAt: number
  hits: number
  lastReadAt: number
}

/** A new record. All fields at once and always in this order, so that V8 reads all records alike. */
export function createRecord(given: Remembered, size: number, rank: number): MemoryRecord {
  const { key, space, entry, marks } = given
  return {
    key,
    space,
    entry,
    marks,
    checkedAt: -1,
    hits: 0,
    lastReadAt: 0,
    newer: undefined,
    older: undefined,
    usedAt: 0,
    rank,
    size,
  }
}

/** Whether nothing of a record can be served any more. */
export function isOver(record: MemoryRecord, now: number): boolean {
  return now >= keepUntil(record.entry.freshUntil, record.space.settings)
}
