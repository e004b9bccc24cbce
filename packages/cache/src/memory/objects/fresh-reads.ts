import { hashOn, mix } from '../hash.ts'
import type { KeyIndex } from '../key-index.ts'
import type { FreshReads } from '../memory.ts'
import type { Ranking } from '../ranking.ts'
import { type WordOf, type none as noSlot, packTime } from '../slots.ts'
import type { TimeOf, words as perSlot } from './columns.ts'
import type { Extras } from './extras.ts'
import type { Known } from './known.ts'
import { isMadeOf } from './made-of.ts'
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
 * Reads of one space by its parameters: no key is built, and no object made. All that it needs of others is held
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
  readonly #between: readonly string[]
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
    this.#between = known.space.keys.between
    this.#id = known.id
  }

  hit(param: string | number, now: number, revision: number): unknown {
    const text = typeof param === 'number' ? String(param) : param
    let hash = hashOn(this.#state, text)
    if (this.#tail !== '') hash = hashOn(hash, this.#tail)
    hash = mix(hash)
    for (let slot = this.#index.seek(hash); slot !== none; slot = this.#index.next(hash)) {
      const cells = this.#cells[slot >>> this.#bits] as readonly unknown[]
      if (cells[2 * (slot & this.#mask)] !== text || !this.#isOwn(slot)) continue
      return this.#serve(slot, now, revision)
    }
    return undefined
  }

  hitAll(params: readonly (string | number)[], now: number, revision: number): unknown {
    let hash = this.#state
    for (let index = 0; index < params.length; index += 1) {
      if (index > 0) hash = hashOn(hash, this.#between[index - 1] as string)
      hash = hashOn(hash, String(params[index]))
    }
    if (this.#tail !== '') hash = hashOn(hash, this.#tail)
    hash = mix(hash)
    for (let slot = this.#index.seek(hash); slot !== none; slot = this.#index.next(hash)) {
      const cells = this.#cells[slot >>> this.#bits] as readonly unknown[]
      const name = cells[2 * (slot & this.#mask)] as string
      if (isMadeOf(name, params, this.#between) && this.#isOwn(slot)) return this.#serve(slot, now, revision)
    }
    return undefined
  }

  /** Whether an entry is of this space, and its name what parameters look like. */
  #isOwn(slot: number): boolean {
    const page = this.#pages[slot >>> this.#bits] as Int32Array
    const what = page[(slot & this.#mask) * words + held] as number
    return what >>> spaceShift === this.#id && (what & (hasOddKey | hasEscapes)) === 0
  }

  /** The value of an entry that was looked for, if it is fresh now and was compared at this revision; counted as read. */
  #serve(slot: number, now: number, revision: number): unknown {
    const number = slot >>> this.#bits
    const place = slot & this.#mask
    const page = this.#pages[number] as Int32Array
    const at = place * words
    const times = this.#times[number] as Float64Array
    const timesAt = at >> 1
    if (now >= (times[timesAt + freshUntil] as number) || page[at + checkedAt] !== revision) return undefined
    this.#ranking.useAt(slot, page, at)
    const ranks = page[at + ranked] as number
    if (ranks >>> 16 !== 0xffff) page[at + ranked] = (ranks + 0x1_0000) | 0
    page[at + lastRead] = packTime(now - (times[timesAt + createdAt] as number))
    const cell = (this.#cells[number] as readonly unknown[])[2 * place + 1]
    if (((page[at + held] as number) & hasExtras) === 0) {
      this.cost = undefined
      return cell
    }
    this.cost = (cell as Extras).meta.cost
    return (cell as Extras).value
  }
}
