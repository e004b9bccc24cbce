import { hashText } from '../hash.ts'

/** Names of fields in their order: what objects of one kind have in common, and so is kept once. */
export interface Shape {
  readonly id: number
  readonly names: readonly string[]
  /** Whether a name is one that cannot be set like others. */
  readonly odd: boolean
}

/** Shapes that are kept; objects of others carry their names. */
const mostShapes = 4_096
const mostNames = 64
const mostCharacters = 1_024
const mostSeen = 256

interface Step {
  shape: Shape | undefined
  readonly next: Map<string, Step>
}

/**
 * The shapes of the objects that are held. One is kept when it comes a second time within a while, so that objects used
 * as dictionaries, whose names are data, do not fill the table; it is never given up.
 */
export class Shapes {
  readonly #known: Shape[] = []
  readonly #first: Step = { shape: undefined, next: new Map() }
  /** Shapes that came once lately, as the text of their names, by a hash of it. */
  readonly #seen: (string | undefined)[] = []

  /** The shape of a number. */
  at(id: number): Shape {
    return this.#known[id] as Shape
  }

  /** The number of the shape with these names, or -1 where it is not kept. */
  find(names: readonly string[]): number {
    let step: Step | undefined = this.#first
    for (const name of names) {
      step = step.next.get(name)
      if (step === undefined) return this.#meet(names)
    }
    return step.shape === undefined ? this.#meet(names) : step.shape.id
  }

  #meet(names: readonly string[]): number {
    if (this.#known.length >= mostShapes || names.length > mostNames) return -1
    const text = JSON.stringify(names)
    if (text.length > mostCharacters) return -1
    const place = hashText(text) % mostSeen
    if (this.#seen[place] !== text) {
      this.#seen[place] = text
      return -1
    }
    let step = this.#first
    for (const name of names) {
      let next = step.next.get(name)
      if (next === undefined) step.next.set(name, (next = { shape: undefined, next: new Map() }))
      step = next
    }
    const shape = {
      id: this.#known.length,
      names: Object.freeze([...names]),
      odd: names.includes('__proto__'),
    }
    this.#known.push(shape)
    step.shape = shape
    return shape.id
  }
}
