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
  /** When a read found it in a tier below, milliseconds since 1970. */
  readonly readAt?: number | undefined
}

/** An entry in memory, with what reads need beside it, and its place among the others. */
export interface MemoryRecord extends Omit<Remembered, 'entry' | 'readAt'>, Ranked<MemoryRecord> {
  /** `gone` once the record has left memory, so that whoever still holds it holds no value. */
  entry: Entry
  /** The revision of the order at which its marks were last compared. */
  checkedAt: number
  hits: number
  lastReadAt: number
}

/** Times of reads are kept as differences from here: V8 keeps whole numbers below 2 ** 31 in their place, others in an object of their own, and 25 days are as many milliseconds. */
const origin = Date.now()

class KeptRecord implements MemoryRecord {
  readonly key: string
  readonly space: BoundSpace
  entry: Entry
  readonly marks: readonly string[]
  checkedAt = -1
  hits = 0
  newer: MemoryRecord | undefined = undefined
  older: MemoryRecord | undefined = undefined
  usedAt = 0
  rank: number
  readonly size: number
  /** 0 for never. */
  #read = 0

  constructor({ key, space, entry, marks, readAt = 0 }: Remembered, size: number, rank: number) {
    this.key = inOnePiece(key)
    this.space = space
    this.entry = entry
    this.marks = marks
    this.rank = rank
    this.size = size
    if (readAt !== 0) this.lastReadAt = readAt
  }

  get lastReadAt(): number {
    return this.#read === 0 ? 0 : this.#read + origin
  }

  set lastReadAt(time: number) {
    this.#read = time - origin || 1
  }
}

const scratch = Buffer.allocUnsafe(1_024)

/**
 * The same text in one piece. V8 keeps a text that was joined from parts as these parts, even after it has put them
 * together for a comparison: 32 bytes more for each key, and one place of memory more to go to at each look.
 */
function inOnePiece(text: string): string {
  if (text.length * 3 > scratch.length) return text
  return scratch.toString('utf8', 0, scratch.write(text))
}

/** A new record. */
export function createRecord(given: Remembered, size: number, rank: number): MemoryRecord {
  return new KeptRecord(given, size, rank)
}

/** What a record has that has left memory: dead by every rule. */
export const gone: Entry = Object.freeze({
  value: undefined,
  createdAt: 0,
  freshUntil: -Infinity,
  asOf: Object.freeze({ era: '', n: -1 }),
  tags: Object.freeze([]),
  meta: Object.freeze({}),
  loadTime: 0,
  version: '',
  bytes: 0,
})

/** Lets go of the value of a record that has left memory. */
export function leave(record: MemoryRecord): void {
  record.entry = gone
  record.checkedAt = -1
}

/** Whether nothing of a record can be served any more. */
export function isOver(record: MemoryRecord, now: number): boolean {
  return now >= keepUntil(record.entry.freshUntil, record.space.settings)
}
