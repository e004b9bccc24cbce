import type { BoundSpace } from '../../key/catalog.ts'
import { hashOn, startHash } from '../hash.ts'

/** A space as its entries name it, and what most of them have in common. */
export interface Known {
  readonly id: number
  readonly space: BoundSpace
  /** What its keys begin and end with: it is not kept with each. */
  readonly head: string
  readonly tail: string
  /** The parameter that is all else of a key, where there is one alone. */
  readonly param: string | undefined
  /** The hash of a key of it after the head. */
  readonly state: number
  /** Its mark, which is all that most of its entries have. */
  marks: readonly string[] | undefined
}

/** Spaces, which entries name by numbers. */
export class KnownSpaces {
  readonly #list: Known[] = []
  readonly #bySpace = new Map<BoundSpace, Known>()
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  of(space: BoundSpace): Known {
    let known = this.#bySpace.get(space)
    if (known === undefined) {
      const { head, tail, names } = space.keys
      const param = names.length === 1 ? names[0] : undefined
      const state = hashOn(startHash(this.#seed), head)
      known = { id: this.#list.length, space, head, tail, param, state, marks: undefined }
      this.#list.push(known)
      this.#bySpace.set(space, known)
    }
    return known
  }

  at(id: number): Known {
    return this.#list[id] as Known
  }
}
