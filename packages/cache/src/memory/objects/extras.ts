import type { Entry, Provenance } from '../../entry/entry.ts'
import { sizeOfText, sizeOfValue } from '../size.ts'

/** What no column holds of an entry. */
export type Rest = Pick<Entry, 'version' | 'asOf' | 'loadTime' | 'bytes'>

/** A value in its place with what only some entries have: tags, provenance, marks of their own, numbers that do not fit. */
export class Extras {
  readonly value: unknown
  readonly tags: readonly string[]
  readonly meta: Provenance
  /** Marks beside those of its tags; undefined where they are those of its space. */
  readonly marks: readonly string[] | undefined
  readonly rest: Rest | undefined

  constructor({ value, tags, meta }: Entry, marks: readonly string[] | undefined, rest: Rest | undefined) {
    this.value = value
    this.tags = tags
    this.meta = meta
    this.marks = marks
    this.rest = rest
  }
}

const ownBytes = 64
const restBytes = 56 + 40 + 16

/** Estimated heap of extras beside the value, in bytes. */
export function sizeOfExtras({ tags, meta, marks, rest }: Extras): number {
  let bytes = ownBytes
  if (tags.length > 0) bytes += sizeOfValue(tags)
  for (const _ in meta) {
    bytes += sizeOfValue(meta)
    break
  }
  if (marks !== undefined) bytes += sizeOfValue(marks)
  if (rest !== undefined) bytes += restBytes + sizeOfText(rest.version)
  return bytes
}
