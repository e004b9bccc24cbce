import type { BoundSpace } from '../../key/catalog.ts'

const wide = /[^\0-\xff]/
/** Usual lives of a space, at most. */
const mostLives = 32

/** A space as its entries name it, and what most of them have in common. */
export interface Known {
  readonly id: number
  readonly space: BoundSpace
  /** Its mark, which is all that most of its entries have. */
  marks: readonly string[] | undefined
  /** What its keys begin with: it is not kept with each. */
  readonly prefix: string
  /** Lives that came twice in a row. */
  readonly lives: number[]
  lastLife: number
}

/** Spaces and eras of the log, which entries name by numbers. */
export class Common {
  readonly #spaces: Known[] = []
  readonly #bySpace = new Map<BoundSpace, Known>()
  readonly #eras: string[] = []
  readonly #byEra = new Map<string, number>()

  /** What is known of a space. */
  know(space: BoundSpace): Known {
    let known = this.#bySpace.get(space)
    if (known === undefined) {
      const { head } = space.keys
      const prefix = wide.test(head) ? '' : head
      known = { id: this.#spaces.length, space, marks: undefined, prefix, lives: [], lastLife: -1 }
      this.#spaces.push(known)
      this.#bySpace.set(space, known)
    }
    return known
  }

  spaceAt(id: number): Known {
    return this.#spaces[id] as Known
  }

  numberOf(era: string): number {
    let number = this.#byEra.get(era)
    if (number === undefined) {
      number = this.#eras.push(era) - 1
      this.#byEra.set(era, number)
    }
    return number
  }

  eraAt(number: number): string {
    return this.#eras[number] as string
  }
}

/** The number of a life that many entries of a space have, or -1. */
export function usualLife(known: Known, life: number): number {
  const { lives, lastLife } = known
  known.lastLife = life
  const usual = lives.indexOf(life)
  if (usual >= 0 || lastLife !== life || lives.length >= mostLives) return usual
  return lives.push(life) - 1
}
