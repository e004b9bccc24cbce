import type { Leaver } from '../record.ts'
import type { Known } from './known.ts'

/** What is told of an entry that leaves. Its key is joined when somebody asks for it, which few do. */
export class ObjectLeaver implements Leaver {
  readonly entry: Leaver['entry']
  readonly hits: number
  readonly lastReadAt: number
  readonly #known: Known
  readonly #name: string
  readonly #isKey: boolean

  /** @param name what is kept of its key, or all of it where `isKey` */
  constructor(
    known: Known,
    { name, isKey }: { readonly name: string; readonly isKey: boolean },
    { entry, hits, lastReadAt }: Pick<Leaver, 'entry' | 'hits' | 'lastReadAt'>,
  ) {
    this.entry = entry
    this.hits = hits
    this.lastReadAt = lastReadAt
    this.#known = known
    this.#name = name
    this.#isKey = isKey
  }

  get space(): Leaver['space'] {
    return this.#known.space
  }

  get key(): string {
    const { head, tail } = this.#known
    return this.#isKey ? this.#name : head + this.#name + tail
  }
}
