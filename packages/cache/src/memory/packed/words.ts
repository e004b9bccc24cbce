import { hashText } from '../hash.ts'

const most = 4_096
const mostSeen = 1_024
const shortest = 3
const longest = 32

/**
 * Short texts that many values have, such as names of states and kinds. One is kept when it comes a second time within a
 * while, so that names of people and things rarely take a place; it is never given up.
 */
export class Words {
  readonly #known: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #seen: (string | undefined)[] = []

  /** The text of a number. */
  at(number: number): string {
    return this.#known[number] as string
  }

  /** The number of a text, or -1 where it is not kept. */
  find(text: string): number {
    const { length } = text
    if (length < shortest || length > longest) return -1
    const number = this.#numbers.get(text)
    if (number !== undefined) return number
    if (this.#known.length >= most) return -1
    const place = hashText(text) % mostSeen
    if (this.#seen[place] !== text) {
      this.#seen[place] = text
      return -1
    }
    this.#seen[place] = undefined
    this.#numbers.set(text, this.#known.length)
    return this.#known.push(text) - 1
  }
}
