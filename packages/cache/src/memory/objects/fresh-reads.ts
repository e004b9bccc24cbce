import { hashOn, mix, prime } from '../hash.ts'
import type { KeyIndex } from '../key-index.ts'
import type { FreshReads } from '../memory.ts'
import type { Ranking } from '../ranking.ts'
import { checkedAt, held, lastRead, none, packTime, ranked } from '../slots.ts'
import { createdAt, freshUntil } from './columns.ts'
import type { Extras } from './extras.ts'
import type { Known } from './known.ts'
import { type ObjectEntries, hasExtras, hasOddKey, spaceShift } from './object-entries.ts'

/** Which of the first 160 characters stand in a key as they are. */
const plain = Uint8Array.from({ length: 0xa0 }, (_, code) =>
  code >= 0x20 && code < 0x7f && !':{}*?[]\\%'.includes(String.fromCharCode(code)) ? 1 : 0,
)

/** Reads of one space by the text of its one parameter: no key is built, and no object made. */
export class ObjectReads implements FreshReads {
  cost: number | undefined = undefined
  readonly #entries: ObjectEntries
  readonly #index: KeyIndex
  readonly #ranking: Ranking
  readonly #state: number
  readonly #tail: string
  /** What a slot of the space holds, flags and era aside. */
  readonly #id: number

  constructor(
    entries: ObjectEntries,
    { index, ranking }: { index: KeyIndex; ranking: Ranking },
    known: Known,
  ) {
    this.#entries = entries
    this.#index = index
    this.#ranking = ranking
    this.#state = known.state
    this.#tail = known.tail
    this.#id = known.id
  }

  hit(text: string, now: number, revision: number): unknown {
    let hash = this.#state
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      // It stands escaped in a key; of surrogates those do that are alone.
      if (code < 0xa0 ? plain[code] === 0 : (code & 0xf800) === 0xd800) return undefined
      hash = Math.imul(hash ^ code, prime)
    }
    if (this.#tail !== '') hash = hashOn(hash, this.#tail)
    const entries = this.#entries
    const { slots } = entries
    for (let slot = this.#index.seek(mix(hash)); slot !== none; slot = this.#index.next()) {
      const cells = entries.cells(slot)
      const cellAt = entries.cellAt(slot)
      if (cells[cellAt] !== text) continue
      const page = slots.page(slot)
      const at = slots.at(slot)
      const what = page[at + held] as number
      if (what >>> spaceShift !== this.#id || (what & hasOddKey) !== 0) continue
      const times = entries.columns.times(slot)
      if (now >= (times[(at >> 1) + freshUntil] as number) || page[at + checkedAt] !== revision)
        return undefined
      this.#ranking.use(slot)
      const ranks = page[at + ranked] as number
      if (ranks >>> 16 !== 0xffff) page[at + ranked] = (ranks + 0x1_0000) | 0
      page[at + lastRead] = packTime(now - (times[(at >> 1) + createdAt] as number))
      const cell = cells[cellAt + 1]
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
