import { hashOn, mix } from '../hash.ts'
import type { KeyIndex } from '../key-index.ts'
import type { FreshReads } from '../memory.ts'
import type { Ranking } from '../ranking.ts'
import { type WordOf, type none as noSlot, packTime } from '../slots.ts'
import type { TimeOf, words as perSlot } from './columns.ts'
import type { Extras } from './extras.ts'
import type { Known } from './known.ts'
import type * as flags from './object-entries.ts'

// What every hit needs (see `WordOf`).
const none: typeof noSlot = -1
const words: typeof perSlot = 16
const held: WordOf['held'] = 0
const ranked: WordOf['ranked'] = 4
const checkedAt: WordOf['checkedAt'] = 5
const lastRead: WordOf['lastRead'] = 6
const freshUntil: TimeOf['freshUntil'] = 4
const createdAt: TimeOf['createdAt'] = 5
const hasExtras: typeof flags.hasExtras = 1
const hasOddKey: typeof flags.hasOddKey = 2
const hasEscapes: typeof flags.hasEscapes = 4
const spaceShift: typeof flags.spaceShift = 11

/**
 * Reads of one space by its one parameter: no key is built, and no object made. All that it needs of others is held
 * here, since half of what a hit takes would else be the way there.
 */
export class ObjectReads implements FreshReads {
  cost: number | undefined = undefined
  readonly #pages: readonly Int32Array[]
  readonly #times: readonly Float64Array[]
  readonly #cells: readonly (readonly unknown[])[]
  readonly #bits: number
  readonly #mask: number
  readonly #index: KeyIndex
  readonly #ranking: Ranking
  readonly #state: number
  readonly #tail: string
  /** What a slot of the space holds, flags and era aside. */
  readonly #id: number

  constructor(
    entries: flags.ObjectEntries,
    { index, ranking }: { index: KeyIndex; ranking: Ranking },
    known: Known,
  ) {
    this.#pages = entries.slots.pages
    this.#times = entries.columns.times
    this.#cells = entries.cells
    this.#bits = entries.bits
    this.#mask = (1 << entries.bits) - 1
    this.#index = index
    this.#ranking = ranking
    this.#state = known.state
    this.#tail = known.tail
    this.#id = known.id
  }

  hit(param: string | number, now: number, revision: number): unknown {
    const text = typeof param === 'number' ? String(param) : param
    let hash = hashOn(this.#state, text)
    if (this.#tail !== '') hash = hashOn(hash, this.#tail)
    hash = mix(hash)
    for (let slot = this.#index.seek(hash); slot !== none; slot = this.#index.next(hash)) {
      const number = slot >>> this.#bits
      const place = slot & this.#mask
      const cells = this.#cells[number] as readonly unknown[]
      if (cells[2 * place] !== text) continue
      const page = this.#pages[number] as Int32Array
      const at = place * words
      const what = page[at + held] as number
      if (what >>> spaceShift !== this.#id || (what & (hasOddKey | hasEscapes)) !== 0) continue
      const times = this.#times[number] as Float64Array
      const timesAt = at >> 1
      if (now >= (times[timesAt + freshUntil] as number) || page[at + checkedAt] !== revision)
        return undefined
      this.#ranking.useAt(slot, page, at)
      const ranks = page[at + ranked] as number
      if (ranks >>> 16 !== 0xffff) page[at + ranked] = (ranks + 0x1_0000) | 0
      page[at + lastRead] = packTime(now - (times[timesAt + createdAt] as number))
      const cell = cells[2 * place + 1]
      if ((what & hasExtras) === 0) {
        this.cost = undefined
        return cell
      }
      this.cost = (cell as Extras).meta.cost
      return (cell as Extras).value
    }
    return undefined
  }
}
