import type { AnyParams, ParamValue } from '../key/template.ts'
import { type MemoryRecord, gone } from '../memory/record.ts'

/** Records of one generation; there are two. */
const most = 16_384

/**
 * The records of a space that are read most, by the one parameter of its template: a key need not be built, nor its
 * text hashed and compared, which takes most of the time of a hit in memory. A record that has left memory is `gone`
 * and holds no value, so this index never has to be told.
 */
export class Near {
  readonly #name: string
  #young = new Map<unknown, MemoryRecord>()
  #old = new Map<unknown, MemoryRecord>()

  constructor(name: string) {
    this.#name = name
  }

  /** The record of these parameters; undefined where it is not known here, or where the parameters are not such as build a key. */
  find(params: AnyParams): MemoryRecord | undefined {
    const name = this.#name
    for (const other in params) if (other !== name) return undefined
    const value = params[name]
    const record = this.#young.get(value)
    if (record !== undefined) return record.entry === gone ? undefined : record
    return this.#findOld(value)
  }

  #findOld(value: ParamValue | undefined): MemoryRecord | undefined {
    const record = this.#old.get(value)
    if (record === undefined || record.entry === gone) return undefined
    this.keep(value, record)
    return record
  }

  /** Remembers where a record is that was found by its key. */
  keep(value: ParamValue | undefined, record: MemoryRecord): void {
    if (this.#young.size >= most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(value, record)
  }
}
