import type { BoundSpace } from '../key/catalog.ts'
import { type Entry, keepUntil } from '../entry/entry.ts'
import type { AnyParams } from '../key/template.ts'

/** What is given to memory to keep. */
export interface Remembered {
  readonly key: string
  readonly space: BoundSpace
  /** What its key was built of, where that is known. */
  readonly params?: AnyParams
  readonly entry: Entry
  /** Its space, tenant and tags as marks of the log. */
  readonly marks: readonly string[]
  /** When a read found it in a tier below, milliseconds since 1970. */
  readonly readAt?: number | undefined
}

/** An entry in memory as one reader sees it, with what reads need beside it. Each look is another object. */
export interface MemoryRecord extends Omit<Remembered, 'readAt' | 'params'> {
  /** The revision of the order at which its marks were last compared. */
  checkedAt: number
  hits: number
  /** 0 for never. Of the time since creation 24 bits are kept. */
  lastReadAt: number
  /** What it counts against `maxBytes`. */
  readonly size: number
}

/** What is told of an entry that leaves memory. */
export interface Leaver extends Pick<MemoryRecord, 'key' | 'space' | 'hits' | 'lastReadAt'> {
  readonly entry: Pick<Entry, 'createdAt' | 'freshUntil' | 'bytes'>
}

/** Whether nothing of a record can be served any more. */
export function isOver(record: MemoryRecord, now: number): boolean {
  return now >= keepUntil(record.entry.freshUntil, record.space.settings)
}
