import type { Position } from '../entry/entry.ts'
import type { LogHead } from './log.ts'
import { escapeCharacter } from '../key/template.ts'

/** Text that every store can hold: NUL and lone surrogates, which some cannot, are escaped, and so is the escape sign. */
const storable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}%]/gu, escapeCharacter)

/** The mark of a tag. */
export const tagMark = (tag: string): string => `t:${storable(tag)}`
/** The mark of a space. */
export const spaceMark = (space: string): string => `s:${space}`
/** The mark of a tenant. */
export const tenantMark = (tenant: string): string => `n:${storable(tenant)}`

/** What this process knows of the log: where it stands, and the newest number of each mark. */
export interface Order {
  /** The position now; the same object until it changes. */
  position(): Position
  /** The position, or a later one that this process has itself been given: what begins now is no older than that. */
  latest(): Position
  /** Says that the log gave this process a number. */
  confirm(position: Position): void
  /** Sets marks to a number, without moving the position. */
  mark(n: number, marks: readonly string[]): void
  /** Remembers the keys that a record deleted, the newest 10 000; those that it wrote are told apart by their version. */
  recall(record: {
    readonly n: number
    readonly keys: readonly { readonly key: string; readonly version?: string }[]
  }): void
  /** Moves the position on; never back within an era. */
  advance(position: Position): void
  /** Raises the floor to what the log says. */
  raiseFloor(floor: number): void
  /** Starts anew from a head of the log. */
  reset(head: LogHead): void
  /** Changes whenever a mark, the floor or the era does: what was compared at one revision need not be compared again. */
  readonly revision: number
  /**
   * What makes a value from `asOf` a miss: a mark that is newer, `era` when it is from another order of things,
   * `floor` when its marks may have been forgotten; undefined while it lives. With a key, its deletion, too: for
   * values of a server that may have lost it.
   */
  deadBy(
    asOf: Position,
    marks: readonly string[],
    key?: string,
  ): { readonly mark: string; readonly n: number } | undefined
  /** Forgets marks so that at most `keep` are left; resolves to the new floor, or undefined when there was nothing to forget. */
  prune(keep: number): number | undefined
  readonly marks: number
}

const mostDeletions = 10_000

/** The order of a process that has joined its log. */
export function createOrder(head: LogHead): Order {
  const marks = new Map<string, number>()
  const deletions = new Map<string, number>()
  let floor = 0
  let current: Position = head
  let confirmed: Position = head
  const remember = (key: string, n: number): void => {
    deletions.delete(key)
    deletions.set(key, n)
    if (deletions.size > mostDeletions) deletions.delete(deletions.keys().next().value as string)
  }
  const reset = (to: LogHead): void => {
    marks.clear()
    deletions.clear()
    for (const [key, n] of to.deletions ?? []) remember(key, n)
    for (const [name, n] of to.marks) marks.set(name, n)
    order.marks = marks.size
    floor = to.floor
    current = Object.freeze({ era: to.era, n: to.n })
    order.revision += 1
  }
  const order: { -readonly [Name in keyof Order]: Order[Name] } = {
    // Fields and no getters, which make V8 look all of them up by their names: every hit in memory asks for the revision.
    revision: 0,
    marks: 0,
    position: () => current,
    latest: () => (confirmed.era === current.era && confirmed.n > current.n ? confirmed : current),
    confirm(position) {
      if (position.era !== confirmed.era || position.n > confirmed.n)
        confirmed = Object.freeze({ era: position.era, n: position.n })
    },
    mark(n, names) {
      for (const name of names) {
        if ((marks.get(name) ?? -1) >= n) continue
        marks.set(name, n)
        order.revision += 1
      }
      order.marks = marks.size
    },
    recall({ n, keys }) {
      for (const { key, version } of keys) if (version === undefined) remember(key, n)
    },
    advance(position) {
      if (position.era === current.era && position.n > current.n)
        current = Object.freeze({ era: position.era, n: position.n })
    },
    raiseFloor(to) {
      if (to <= floor) return
      floor = to
      order.revision += 1
    },
    reset,
    deadBy(asOf, names, key) {
      if (asOf.era !== current.era) return { mark: 'era', n: current.n }
      if (asOf.n < floor) return { mark: 'floor', n: floor }
      for (const name of names) {
        const n = marks.get(name)
        if (n !== undefined && n > asOf.n) return { mark: name, n }
      }
      const deleted = key === undefined ? undefined : deletions.get(key)
      return deleted !== undefined && deleted > asOf.n ? { mark: 'deletion', n: deleted } : undefined
    },
    prune(keep) {
      if (marks.size <= keep) return undefined
      const numbers = [...marks.values()].toSorted((a, b) => a - b)
      floor = numbers[numbers.length - keep - 1] ?? current.n
      for (const [name, n] of marks) if (n <= floor) marks.delete(name)
      order.marks = marks.size
      order.revision += 1
      return floor
    },
  }
  reset(head)
  return order
}
