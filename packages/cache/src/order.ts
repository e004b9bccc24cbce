import type { Position } from './entry.ts'
import type { LogHead } from './log.ts'

/** The mark of a tag. */
export const tagMark = (tag: string): string => `t:${tag}`
/** The mark of a space. */
export const spaceMark = (space: string): string => `s:${space}`
/** The mark of a tenant. */
export const tenantMark = (tenant: string): string => `n:${tenant}`

/** What this process knows of the log: where it stands, and the newest number of each mark. */
export interface Order {
  /** The position now; the same object until it changes. */
  position(): Position
  /** Takes in a record of the log. */
  apply(position: Position, marks: readonly string[]): void
  /**
   * What makes a value from `asOf` a miss: a mark that is newer, `era` when it is from another order of things,
   * `floor` when its marks may have been forgotten; undefined while it lives.
   */
  deadBy(asOf: Position, marks: readonly string[]): { readonly mark: string; readonly n: number } | undefined
  /** Forgets marks so that at most `keep` are left; resolves to the new floor, or undefined when there was nothing to forget. */
  prune(keep: number): number | undefined
  readonly marks: number
}

/** The order of a process that has joined its log. */
export function createOrder(head: LogHead): Order {
  const marks = new Map(head.marks)
  let { floor } = head
  let current: Position = Object.freeze({ era: head.era, n: head.n })
  return {
    position: () => current,
    apply(position, names) {
      for (const name of names) {
        if ((marks.get(name) ?? -1) < position.n) {
          // Set anew, so that the map stays ordered from the oldest mark to the newest.
          marks.delete(name)
          marks.set(name, position.n)
        }
      }
      if (position.n > current.n) current = Object.freeze({ era: position.era, n: position.n })
    },
    deadBy(asOf, names) {
      if (asOf.era !== current.era) return { mark: 'era', n: current.n }
      if (asOf.n < floor) return { mark: 'floor', n: floor }
      for (const name of names) {
        const n = marks.get(name)
        if (n !== undefined && n > asOf.n) return { mark: name, n }
      }
      return undefined
    },
    prune(keep) {
      if (marks.size <= keep) return undefined
      const numbers = [...marks.values()].toSorted((a, b) => a - b)
      floor = numbers[numbers.length - keep - 1] ?? current.n
      for (const [name, n] of marks) if (n <= floor) marks.delete(name)
      return floor
    },
    get marks() {
      return marks.size
    },
  }
}
